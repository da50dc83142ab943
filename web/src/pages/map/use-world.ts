/** The shapes of countries, asked for when a map is first shown, and kept. */

import { useEffect, useState } from "react";
import { coarseWorld, fineWorld, type World } from "./world";

/** The worlds that are there. */
const kept: { coarse: World | null; fine: World | null } = { coarse: null, fine: null };

export interface KnownWorld {
  world: World | null;
  /** The coarse one could not be loaded: without it there is no map. */
  failed: boolean;
}

/** The best world there is; `fine` asks for the better one, which replaces the other when it comes. */
export function useWorld(fine: boolean): KnownWorld {
  const [world, setWorld] = useState(kept.fine ?? kept.coarse);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (kept.coarse !== null) return;
    let gone = false;
    coarseWorld().then(
      (coarse) => {
        kept.coarse = coarse;
        if (!gone) setWorld(kept.fine ?? coarse);
      },
      () => {
        if (!gone) setFailed(true);
      },
    );
    return () => {
      gone = true;
    };
  }, []);
  useEffect(() => {
    if (!fine || kept.fine !== null) return;
    let gone = false;
    fineWorld().then(
      (better) => {
        kept.fine = better;
        if (!gone) setWorld(better);
      },
      // The coarse one stays.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [fine]);
  return { world, failed };
}
