/** Keeps the range and the page's address the same. */

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useSession } from "../live/session";
import { type RangeSearch, rangeOf, searchOf } from "./range";
import { followOrPause, rangeArrived, rangeGoes } from "./store";

/** Reads the range out of what an address holds: people type and paste addresses, what does not fit is left out. */
export function rangeSearch(search: Record<string, unknown>): RangeSearch {
  const { from, to } = search;
  const found: RangeSearch = {
    ...(typeof from === "string" ? { from } : {}),
    ...(typeof to === "string" ? { to } : {}),
  };
  return searchOf(rangeOf(found));
}

/** To be used once, in the frame around the pages. */
export function useRangeInAddress(): void {
  const { from, to } = useSearch({ strict: false });
  const navigate = useNavigate();
  const running = useSession((session) => session.status?.state === "running");

  useEffect(
    () =>
      rangeGoes((range, how) => {
        // What is named and undefined is taken out of the address; what is not named would stay.
        const { from, to } = searchOf(range);
        void navigate({
          to: ".",
          search: (search: RangeSearch) => ({ ...search, from, to }),
          replace: how === "replace",
        });
      }),
    [navigate],
  );
  useEffect(() => {
    rangeArrived(rangeOf({ from, to }));
  }, [from, to]);
  useEffect(() => {
    if (running) followOrPause();
  }, [running]);
}
