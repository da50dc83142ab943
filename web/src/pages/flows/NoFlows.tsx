/** Why the list of flows is empty, and what can be done about it. */

import { DemoButton } from "../../capture/DemoButton";
import { OpenCapture } from "../../capture/OpenCapture";
import { Nothing } from "../../components/Nothing";
import { flowStrings } from "../../lib/flow-strings";
import { useSession } from "../../live/session";
import type { FlowList, FlowOrder } from "./flow-list";

interface Props {
  list: FlowList;
  order: FlowOrder;
  onClear: () => void;
}

export function NoFlows({ list, order, onClear }: Props) {
  const state = useSession((session) => session.status?.state);
  // Nothing was listed before what the program refuses: there is nothing to fall back on.
  if (list.matched === null && list.problem !== null) {
    return (
      <Nothing text={flowStrings.refused} hint={list.problem}>
        <button type="button" className="button" onClick={onClear}>
          {flowStrings.clearAll}
        </button>
      </Nothing>
    );
  }
  // Before the program said what is there, nothing is known to be missing.
  if (state === undefined || (list.matched === null && state !== "idle")) return <Skeleton />;
  if ((list.matched ?? 0) > 0) return null;
  if (list.total === 0) {
    const running = state === "running" || state === "starting";
    return (
      <Nothing
        text={running ? flowStrings.waiting : flowStrings.none}
        hint={running ? flowStrings.waitingHint : flowStrings.noneHint}
      >
        {!running && (
          <>
            <OpenCapture />
            <DemoButton />
          </>
        )}
      </Nothing>
    );
  }
  return (
    <Nothing text={reasonFor(order)}>
      <button type="button" className="button" onClick={onClear}>
        {flowStrings.clearAll}
      </button>
    </Nothing>
  );
}

function reasonFor({ text, protocol, app, active }: FlowOrder): string {
  const words = [app === "" ? flowStrings.withoutApp : app, protocol, text]
    .filter((word) => word !== null)
    .join(" ");
  if (words !== "") return flowStrings.noMatchText(words);
  return active ? flowStrings.noneActive : flowStrings.noMatch;
}

const ROWS = 12;

function Skeleton() {
  return (
    <div aria-hidden="true" className="absolute inset-x-3 top-9 flex flex-col gap-2">
      {Array.from({ length: ROWS }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <div key={place} className="skeleton h-[18px]" />
      ))}
    </div>
  );
}
