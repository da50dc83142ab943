/** Keeps a list in the order that is wanted, asks again while it may change, and says how many rows fit. */

import { useCallback, useEffect, useMemo, useReducer, useRef } from "react";
import { announce } from "../../../lib/announce";
import { count } from "../../../lib/format";
import { useAskAgain } from "../ask-again";
import type { RowList } from "./row-list";
import type { ListWords } from "./words";

interface Wanted<Order> {
  /** The same from one drawing to the next, unless another is wanted. */
  order: Order;
  /** Whether it leaves rows out. */
  filtered: boolean;
  words: Pick<ListWords, "found">;
}

/** `make` makes the list with the first drawing; it calls what it is given whenever the list has changed. */
export function useRowList<Row, Key, Order extends object>(
  make: (changed: () => void) => RowList<Row, Key, Order>,
  { order, filtered, words }: Wanted<Order>,
): RowList<Row, Key, Order> {
  const [, changed] = useReducer((times: number) => times + 1, 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: one list as long as the page shows the session
  const list = useMemo(() => make(changed), []);
  useAskAgain(useCallback(() => list.refresh(), [list]));
  useEffect(() => list.arrange(order), [list, order]);
  const matched = filtered && list.isCurrent ? list.matched : null;
  const told = useRef<Order | null>(null);
  useEffect(() => {
    // Said once for each filter: a count that moves every second is no news.
    if (matched === null || told.current === order) return;
    told.current = order;
    announce(words.found(count(matched)));
  }, [matched, order, words]);
  return list;
}
