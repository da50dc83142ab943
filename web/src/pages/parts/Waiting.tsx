/** Why a page has no numbers, and what can be done about it. */

import { DemoButton } from "../../capture/DemoButton";
import { OpenCapture } from "../../capture/OpenCapture";
import { strings } from "../../lib/strings";
import { useSession } from "../../live/session";

export function Waiting() {
  const state = useSession((session) => session.status?.state);
  const none = state === "idle" || state === "finished" || state === "failed";
  return (
    <div className="panel col-span-12 grid min-h-44 place-items-center p-3 text-center">
      <div>
        <p className="font-medium">{none ? strings.packets.noneYet : strings.dashboard.waiting}</p>
        <p className="text-fg-3">{none ? strings.packets.noneYetHint : strings.dashboard.waitingHint}</p>
        {none && (
          <div className="mt-3 flex flex-wrap justify-center gap-2">
            <OpenCapture />
            <DemoButton />
          </div>
        )}
      </div>
    </div>
  );
}
