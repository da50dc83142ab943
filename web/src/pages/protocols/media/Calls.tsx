/** The calls: who called whom, how it ended, how it sounded. */

import { DemoButton } from "../../../capture/DemoButton";
import { OpenCapture } from "../../../capture/OpenCapture";
import type { Calls as CallsTopic } from "../../../generated/Calls";
import { mediaStrings } from "../../../lib/media-strings";
import { useOver } from "../../parts/use-over";
import { CallTable } from "./CallTable";
import type { CallSort, Order } from "./order";

const { calls: words } = mediaStrings;

interface Props {
  /** `null` while they are on their way. */
  topic: CallsTopic | null;
  order: Order<CallSort>;
  onSort: (sort: CallSort) => void;
  selected: number | null;
  onOpen: (call: number) => void;
  onStreams: () => void;
}

export function Calls({ topic, onStreams, ...table }: Props) {
  if (topic === null || topic.calls.length === 0) return <None topic={topic} onStreams={onStreams} />;
  return <CallTable topic={topic} {...table} />;
}

/** There may be streams without a call; else another capture may have one. */
function None({ topic, onStreams }: Pick<Props, "topic" | "onStreams">) {
  const over = useOver();
  const streams = (topic?.streams.length ?? 0) > 0;
  return (
    <section aria-label={words.title} className="panel grid min-h-44 place-items-center p-3 text-center">
      <div>
        <p className="font-medium">{words.none}</p>
        <p className="max-w-prose text-fg-3">{words.noneHint}</p>
        <div className="mt-3 flex flex-wrap justify-center gap-2">
          {streams && (
            <button type="button" className="button" onClick={onStreams}>
              {words.showStreams}
            </button>
          )}
          {!streams && over && (
            <>
              <OpenCapture />
              <DemoButton />
            </>
          )}
        </div>
      </div>
    </section>
  );
}
