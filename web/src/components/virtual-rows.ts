/** Which rows of a long list are in sight, for lists that React draws: at most as often as once a second, and on scrolling. */

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { ListScroll } from "./list-scroll";
import { useSize } from "./size";

export interface VirtualRows {
  /** The places in sight, both included; `last` is before `first` where there is none. */
  first: number;
  last: number;
  /** Where a place begins, in pixels from the top of what is in sight. */
  top: (place: number) => number;
  /** The height of what is scrolled. */
  height: number;
  /** How many rows fit. */
  page: number;
  /** Brings a place into sight. */
  reveal: (place: number) => void;
}

/** Rows drawn before and after those in sight, so that scrolling finds them there. */
const SPARE_ROWS = 4;

export function useVirtualRows(
  element: RefObject<HTMLElement | null>,
  count: number,
  row_px: number,
  header_px: number,
): VirtualRows {
  const viewport = Math.max(0, useSize(element).height - header_px);
  const scroll = useRef<ListScroll | null>(null);
  const [height, setHeight] = useState(0);
  const [offset, setOffset] = useState(0);

  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    scroll.current ??= new ListScroll(current);
    setHeight(scroll.current.fit(count * row_px, viewport));
    setOffset(scroll.current.offset());
  }, [element, count, row_px, viewport]);

  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const scrolled = () => setOffset(scroll.current?.offset() ?? 0);
    // A pixel of a scaled scroll bar is many rows: the wheel moves the list by what it says, as in any other list.
    const wheeled = (event: WheelEvent) => {
      const list = scroll.current;
      if (list?.isScaled() !== true || event.deltaY === 0 || event.ctrlKey) return;
      event.preventDefault();
      const pixels = [1, row_px, viewport][event.deltaMode] ?? 1;
      list.to(list.offset() + event.deltaY * pixels);
      setOffset(list.offset());
    };
    current.addEventListener("scroll", scrolled, { passive: true });
    current.addEventListener("wheel", wheeled, { passive: false });
    return () => {
      current.removeEventListener("scroll", scrolled);
      current.removeEventListener("wheel", wheeled);
    };
  }, [element, row_px, viewport]);

  const reveal = useCallback(
    (place: number) => {
      const list = scroll.current;
      if (list === null) return;
      const top = place * row_px;
      const from = list.offset();
      if (top < from) list.to(top);
      else if (top + row_px > from + viewport) list.to(top + row_px - viewport);
      setOffset(list.offset());
    },
    [row_px, viewport],
  );

  const inSight = viewport === 0 ? 0 : Math.ceil(viewport / row_px);
  const first = Math.max(0, Math.floor(offset / row_px) - SPARE_ROWS);
  return {
    first,
    last: inSight === 0 ? first - 1 : Math.min(count - 1, Math.floor(offset / row_px) + inSight + SPARE_ROWS),
    top: (place) => Math.round(place * row_px - offset),
    height,
    page: Math.max(1, Math.floor(viewport / row_px) - 1),
    reveal,
  };
}
