/** Older summaries than those that are sent with every change. */

import { useCallback, useState } from "react";
import type { Summary } from "../../generated/Summary";
import { reasonOf } from "../../live/client";
import { allSummaries } from "../../live/words";

/** Both lists as one, oldest first; what is in `newest` was worded last. */
export function together(older: readonly Summary[], newest: readonly Summary[]): readonly Summary[] {
  const first = newest[0]?.id ?? Number.POSITIVE_INFINITY;
  return [...older.filter(({ id }) => id < first), ...newest];
}

interface Older {
  list: readonly Summary[];
  /** Whether there may be more than the list holds. */
  more: boolean;
  problem: string | null;
  ask: () => void;
}

/** The summaries of `session`, oldest first: the `newest`, and the others once they were asked for. */
export function useOlder(session: number, newest: readonly Summary[]): Older {
  const [older, setOlder] = useState<readonly Summary[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const ask = useCallback(async () => {
    try {
      const all = await allSummaries();
      // What was asked for may be of a session that has begun meanwhile.
      if (all.session === session) setOlder(all.periodic);
      setProblem(null);
    } catch (error) {
      setProblem(reasonOf(error));
    }
  }, [session]);
  const more = older === null && (newest[0]?.id ?? 1) > 1;
  return { list: together(older ?? [], newest), more, problem, ask: () => void ask() };
}
