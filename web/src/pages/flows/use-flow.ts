/** One flow with all that is known of it, asked for again while it may change. */

import { useCallback, useRef, useState } from "react";
import type { FlowDetail } from "../../generated/FlowDetail";
import { flowDetail, Refused, reasonOf } from "../../live/client";
import { useAskAgain } from "../parts/ask-again";

export interface KnownFlow {
  /** `null` until the first answer. What was known stays until something else is. */
  detail: FlowDetail | null;
  /** It is not listed any more. */
  gone: boolean;
  /** Why there is no answer. */
  problem: string | null;
}

const NOTHING: KnownFlow = { detail: null, gone: false, problem: null };

export function useFlow(id: number): KnownFlow & { again: () => void } {
  const [known, setKnown] = useState(NOTHING);
  const asking = useRef<number | null>(null);
  const again = useCallback(() => {
    // An answer that takes longer than a second is waited for.
    if (asking.current === id) return;
    asking.current = id;
    const take = (next: (before: KnownFlow) => KnownFlow) => {
      // Whoever went on to another flow wants nothing of this one.
      if (asking.current !== id) return;
      asking.current = null;
      setKnown(next);
    };
    flowDetail(id).then(
      (detail) => take(() => ({ detail, gone: false, problem: null })),
      (error: unknown) => take((before) => failed(before, id, error)),
    );
  }, [id]);
  useAskAgain(again);
  return { ...known, again };
}

function failed(before: KnownFlow, id: number, error: unknown): KnownFlow {
  const detail = before.detail?.listed.id === id ? before.detail : null;
  const code = error instanceof Refused ? error.code : null;
  // Whoever is not connected is told so elsewhere, and sees what was known.
  if (code === null && detail !== null) return before;
  return { detail, gone: code === "not_found", problem: reasonOf(error) };
}
