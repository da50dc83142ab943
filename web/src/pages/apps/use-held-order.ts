/** Keeps rows where they are while somebody is on them. */

import { type FocusEvent, useRef, useState } from "react";
import type { AppRow } from "../../generated/AppRow";
import { held } from "./shown";

interface Held {
  rows: readonly AppRow[];
  isHeld: boolean;
  /** For the element around the rows. */
  watch: {
    onPointerEnter: () => void;
    onPointerLeave: () => void;
    onFocus: () => void;
    onBlur: (event: FocusEvent) => void;
  };
}

/** `order` says what the rows are sorted by: another one sorts them at once. */
export function useHeldOrder(rows: readonly AppRow[], order: string): Held {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const stood = useRef<{ order: string; apps: readonly string[] }>({ order, apps: [] });
  const isHeld = (pointed || focused) && stood.current.order === order;
  const shown = isHeld ? held(rows, stood.current.apps) : rows;
  stood.current = { order, apps: shown.map(({ app }) => app) };
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
