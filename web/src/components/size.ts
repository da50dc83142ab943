/** The width of an element, for what is laid out in pixels. */

import { type RefObject, useEffect, useState } from "react";

/** Follows the width of `element`; 0 before the first layout. */
export function useWidth(element: RefObject<Element | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const observer = new ResizeObserver((entries) =>
      setWidth(Math.round(entries.at(-1)?.contentRect.width ?? 0)),
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
