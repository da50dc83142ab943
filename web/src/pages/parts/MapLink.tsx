/** Leads to a place on the map. */

import { useRouter } from "@tanstack/react-router";
import type { MouseEvent, ReactNode } from "react";

interface Props {
  /** A country's code, or `CODE/City`. */
  place: string;
  className?: string;
  children: ReactNode;
}

export function MapLink({ place, className = "", children }: Props) {
  const router = useRouter();
  const href = `/map?place=${encodeURIComponent(place)}`;
  const go = (event: MouseEvent) => {
    // Other windows are the browser's business.
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    router.history.push(href);
  };
  return (
    <a href={href} className={className} onClick={go}>
      {children}
    </a>
  );
}
