/** Keeps rows where they are while somebody is on them. */

import { type FocusEvent, useRef, useState } from "react";

interface Held<Row> {
  rows: readonly Row[];
  isHeld: boolean;
  /** For the element around the rows. */
  watch: {
    onPointerEnter: () => void;
    onPointerLeave: () => void;
    onFocus: () => void;
    onBlur: (event: FocusEvent) => void;
  };
}

/** `order` says what the rows, each with a name of its own, are sorted by: another one sorts them at once. */
export function useHeldOrder<Row>(
  rows: readonly Row[],
  nameOf: (row: Row) => string,
  order: string,
): Held<Row> {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const stood = useRef<{ order: string; names: readonly string[] }>({ order, names: [] });
  const isHeld = (pointed || focused) && stood.current.order === order;
  const shown = isHeld ? held(rows, nameOf, stood.current.names) : rows;
  stood.current = { order, names: shown.map(nameOf) };
  return {
    rows: shown,
    isHeld,
    watch: {
      onPointerEnter: () => setPointed(true),
      onPointerLeave: () => setPointed(false),
      onFocus: () => setFocused(true),
      onBlur: ({ currentTarget, relatedTarget }) => setFocused(currentTarget.contains(relatedTarget)),
    },
  };
}

/**
 * The rows in the order they stood in, new ones after them: what somebody reads does not move away.
 *
 * `stood` are the names as they were shown last.
 */
export function held<Row>(
  rows: readonly Row[],
  nameOf: (row: Row) => string,
  stood: readonly string[],
): readonly Row[] {
  const places = new Map(stood.map((name, place) => [name, place]));
  const placeOf = (row: Row) => places.get(nameOf(row)) ?? stood.length;
  return rows.toSorted((a, b) => placeOf(a) - placeOf(b));
}
