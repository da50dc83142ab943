/** Brings a row into sight when its sheet opens: beside a sheet the page has another shape. */

import { type RefObject, useEffect, useRef } from "react";

export function useInSight<Part extends Element>(selected: boolean): RefObject<Part | null> {
  const row = useRef<Part>(null);
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  return row;
}
