/** Why there is no stream, and where what may be one would be. */

import { mediaStrings } from "../../../lib/media-strings";
import type { FlowsSearch } from "../../flows/address";

const { rtp: words } = mediaStrings;

export function NoRtp({ onFlows }: { onFlows: (search: FlowsSearch) => void }) {
  return (
    <section
      aria-label={mediaStrings.streams.title}
      className="panel col-span-12 grid min-h-32 place-items-center p-3 text-center"
    >
      <div>
        <p className="max-w-prose text-fg-3">{words.noneHint}</p>
        <button type="button" className="button mt-3" onClick={() => onFlows({ protocol: "UDP" })}>
          {words.udpFlows}
        </button>
      </div>
    </section>
  );
}
