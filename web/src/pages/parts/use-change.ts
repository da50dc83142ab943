/** Changes what the address of a page holds. */

import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";

/** Takes what is named and undefined out; it is a step in the history, or takes the place of the last one. */
export type Change<Search> = (
  parts: { [K in keyof Search]: Search[K] | undefined },
  how?: "push" | "replace",
) => void;

/**
 * Returns what changes a part of the address of the page at `to`, whose reader is `read`. What is named and undefined is
 * taken out. The same from one drawing to the next.
 */
export function useChange<Search extends object>(
  to: "/apps" | "/flows" | "/hosts" | "/findings" | "/map",
  read: (search: Record<string, unknown>) => Search,
): Change<Search> {
  const navigate = useNavigate();
  return useCallback(
    (parts, how = "push") =>
      void navigate({
        to,
        search: (before: object) => read({ ...before, ...parts }),
        replace: how === "replace",
      }),
    [navigate, to, read],
  );
}
