/** The way back from a zoom: which ranges were shown before the one on the screen. */

import { type Range, sameRange } from "./range";

export interface Zoom {
  /** `null` where nobody chose one. */
  range: Range | null;
  /** The ranges before, the first one first. */
  earlier: readonly (Range | null)[];
}

export const NO_ZOOM: Zoom = { range: null, earlier: [] };

/** More steps back than anybody takes. */
const MOST_STEPS = 50;

/** Looks closer, or elsewhere, and remembers where from. */
export function zoomed(zoom: Zoom, range: Range): Zoom {
  if (sameRange(zoom.range, range)) return zoom;
  return { range, earlier: [...zoom.earlier, zoom.range].slice(-MOST_STEPS) };
}

/** Moves the window. One that followed is left behind as a step to come back to; one that stood is not. */
export function panned(zoom: Zoom, range: Range): Zoom {
  return zoom.range?.kind === "between" ? { ...zoom, range } : zoomed(zoom, range);
}

/** One step back; the same where there is none. */
export function back(zoom: Zoom): Zoom {
  if (zoom.earlier.length === 0) return zoom;
  return { range: zoom.earlier.at(-1) ?? null, earlier: zoom.earlier.slice(0, -1) };
}

/** All the way back, to the last range that followed or to none. */
export function cleared(zoom: Zoom): Zoom {
  if (zoom.range?.kind !== "between") return { range: zoom.range, earlier: [] };
  return { range: zoom.earlier.findLast((range) => range?.kind !== "between") ?? null, earlier: [] };
}

/** Takes in what the address says: a step of this page, or the browser's own back and forward. */
export function arrived(zoom: Zoom, range: Range | null): Zoom {
  if (sameRange(zoom.range, range)) return zoom;
  const step = zoom.earlier.findLastIndex((earlier) => sameRange(earlier, range));
  return { range, earlier: step < 0 ? [] : zoom.earlier.slice(0, step) };
}
