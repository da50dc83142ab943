/** How close the rows of lists and tables stand. */

import { create } from "zustand";
import { keep, kept } from "./storage";

export const DENSITIES = ["compact", "comfortable"] as const;

export type Density = (typeof DENSITIES)[number];

/** The height of a row; `app.css` says the same as `--row`. */
export const ROW_PX: Record<Density, number> = { compact: 26, comfortable: 32 };

function keptDensity(): Density {
  const density = kept("density");
  return DENSITIES.find((name) => name === density) ?? "compact";
}

export const useDensity = create<{ density: Density }>(() => ({ density: keptDensity() }));

export function setDensity(density: Density): void {
  keep("density", density);
  useDensity.setState({ density });
  applyDensity();
}

/** To be called once before anything is drawn. */
export function applyDensity(): void {
  document.documentElement.dataset.density = useDensity.getState().density;
}
