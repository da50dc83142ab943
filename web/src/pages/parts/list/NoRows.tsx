/** Why a list is empty, and what can be done about it. */

import { DemoButton } from "../../../capture/DemoButton";
import { OpenCapture } from "../../../capture/OpenCapture";
import { Nothing } from "../../../components/Nothing";
import { useSession } from "../../../live/session";

export interface EmptyWords {
  refused: string;
  clearAll: string;
  waiting: string;
  waitingHint: string;
  none: string;
  noneHint: string;
}

interface Props {
  words: EmptyWords;
  list: { matched: number | null; total: number; problem: string | null };
  /** Why none of those listed fits. */
  reason: string;
  onClear: () => void;
}

export function NoRows({ words, list, reason, onClear }: Props) {
  const state = useSession((session) => session.status?.state);
  // Nothing was listed before what the program refuses: there is nothing to fall back on.
  if (list.matched === null && list.problem !== null) {
    return (
      <Nothing text={words.refused} hint={list.problem}>
        <button type="button" className="button" onClick={onClear}>
          {words.clearAll}
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
        text={running ? words.waiting : words.none}
        hint={running ? words.waitingHint : words.noneHint}
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
    <Nothing text={reason}>
      <button type="button" className="button" onClick={onClear}>
        {words.clearAll}
      </button>
    </Nothing>
  );
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
