/** The list to show, and how its grid hears of changes. */

import { useCallback, useEffect, useMemo, useRef } from "react";
import { bus } from "../../live/bus";
import { findPackets } from "../../live/client";
import { model } from "../../live/model";
import { HeldPackets } from "./held-packets";
import { MatchingPackets } from "./matching-packets";

const PAINT_EVERY_MS = 100;

export function usePackets(filter: string, flow: number | null, follow: boolean) {
  const paints = useRef(new Set<() => void>());
  const repaint = useCallback(() => {
    for (const paint of paints.current) paint();
  }, []);
  const source = useMemo(
    () =>
      filter === "" && flow === null
        ? new HeldPackets(findPackets, repaint)
        : new MatchingPackets(
            { text: filter === "" ? null : filter, ...(flow === null ? {} : { flow }) },
            findPackets,
            repaint,
          ),
    [filter, flow, repaint],
  );
  const followed = useRef(follow);
  followed.current = follow;
  // Read at once, so that the first paint has rows.
  const take = useCallback(() => {
    const { packets } = model.shown;
    if (packets !== null) source.update(packets, followed.current);
    repaint();
  }, [source, repaint]);
  const subscribe = useCallback((paint: () => void) => {
    paints.current.add(paint);
    return () => {
      paints.current.delete(paint);
    };
  }, []);
  useEffect(() => {
    const remove = bus.view(["packets"], take, { every_ms: PAINT_EVERY_MS });
    return () => {
      remove();
      if (source instanceof MatchingPackets) source.close();
    };
  }, [source, take]);
  useEffect(() => {
    if (follow) take();
  }, [follow, take]);
  return { source, subscribe };
}
