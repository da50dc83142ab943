/** The size of an element, for what is laid out in pixels. */

import { type RefObject, useEffect, useState } from "react";

export interface Size {
  width: number;
  height: number;
}

const UNKNOWN: Size = { width: 0, height: 0 };

/** Follows the size of `element`, in whole pixels; 0 before the first layout. */
export function useSize(element: RefObject<Element | null>): Size {
  const [size, setSize] = useState(UNKNOWN);
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const observer = new ResizeObserver((entries) => {
      const rect = entries.at(-1)?.contentRect;
      if (rect !== undefined) setSize({ width: Math.round(rect.width), height: Math.round(rect.height) });
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
