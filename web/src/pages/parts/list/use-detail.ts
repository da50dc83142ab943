/** One row of a list with all that is known of it, asked for again while it may change. */

import { useCallback, useRef, useState } from "react";
import { Refused, reasonOf } from "../../../live/client";
import { useAskAgain } from "../ask-again";

export interface Known<Detail> {
  /** `null` until the first answer. What was known stays until something else is. */
  detail: Detail | null;
  /** It is not listed any more. */
  gone: boolean;
  /** Why there is no answer. */
  problem: string | null;
}

/** `ask` and `keyOf` are constant. */
export function useDetail<Key, Detail>(
  key: Key,
  ask: (key: Key) => Promise<Detail>,
  keyOf: (detail: Detail) => Key,
): Known<Detail> & { again: () => void } {
  const [known, setKnown] = useState<Known<Detail>>({ detail: null, gone: false, problem: null });
  const asking = useRef<{ key: Key } | null>(null);
  const again = useCallback(() => {
    // An answer that takes longer than a second is waited for.
    if (asking.current?.key === key) return;
    asking.current = { key };
    const take = (next: (before: Known<Detail>) => Known<Detail>) => {
      // Whoever went on to another row wants nothing of this one.
      if (asking.current?.key !== key) return;
      asking.current = null;
      setKnown(next);
    };
    ask(key).then(
      (detail) => take(() => ({ detail, gone: false, problem: null })),
      (error: unknown) =>
        take((before) => {
          const same = before.detail !== null && keyOf(before.detail) === key;
          return failed(before, same, error);
        }),
    );
  }, [key, ask, keyOf]);
  useAskAgain(again);
  return { ...known, again };
}

/** `same`: what was known is of the one that was asked for. */
function failed<Detail>(before: Known<Detail>, same: boolean, error: unknown): Known<Detail> {
  const detail = same ? before.detail : null;
  const code = error instanceof Refused ? error.code : null;
  // Whoever is not connected is told so elsewhere, and sees what was known.
  if (code === null && detail !== null) return before;
  return { detail, gone: code === "not_found", problem: reasonOf(error) };
}
