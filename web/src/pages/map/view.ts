/** Which part of the map is seen: the whole world scaled and moved. */

import type { Size } from "../../components/size";

/** A point of the whole world lies at `k * point + (x, y)` on the screen. */
export interface View {
  k: number;
  x: number;
  y: number;
}

export const WHOLE: View = { k: 1, x: 0, y: 0 };

/** From here on the coarse outlines look coarse. */
export const FINE_FROM = 3;

const MOST = 24;

/** One press of a button, a key or a double click. */
export const STEP = 1.6;

/** Keeps the world on the screen: it never leaves a gap at an edge. */
function held({ k, x, y }: View, { width, height }: Size): View {
  const within = (at: number, length: number) => Math.min(0, Math.max(length * (1 - k), at));
  return { k, x: within(x, width), y: within(y, height) };
}

/** Zooms by `factor` so that what is at `x`, `y` stays there. */
export function zoomed(view: View, factor: number, x: number, y: number, size: Size): View {
  const k = Math.min(MOST, Math.max(1, view.k * factor));
  const by = k / view.k;
  return held({ k, x: x - (x - view.x) * by, y: y - (y - view.y) * by }, size);
}

export function moved(view: View, dx: number, dy: number, size: Size): View {
  return held({ k: view.k, x: view.x + dx, y: view.y + dy }, size);
}

/** Whether it can come closer still. */
export function isClosest({ k }: View): boolean {
  return k >= MOST;
}

/** Brings a point of the whole world into the middle where it is out of sight or at the edge. */
export function showing(view: View, point: readonly [number, number], size: Size, margin = 40): View {
  const [x, y] = [view.k * point[0] + view.x, view.k * point[1] + view.y];
  const seen = x >= margin && y >= margin && x <= size.width - margin && y <= size.height - margin;
  return seen ? view : moved(view, size.width / 2 - x, size.height / 2 - y, size);
}
