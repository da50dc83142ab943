/** What a chart over time is made of. */

export interface Series {
  label: string;
  /** A CSS variable of `app.css` that holds a hexadecimal colour, with its dashes. */
  color: `--${string}`;
  /** Draws the values below zero. */
  below?: boolean;
  fill?: boolean;
  /** Tells the line apart without its colour. */
  dash?: number[];
}

/** The points of a chart: one list in `y` for each series, `null` where there is no value. */
export interface Lines {
  x: number[];
  y: (number | null)[][];
  breaks: [from: number, to: number][];
  /** What the time axis shows, in seconds; `null` without any point. */
  span: { from: number; to: number } | null;
}

/**
 * Reads the lines of a chart: in at most so many steps, each with its least and greatest value, or every value that is
 * kept.
 */
export type ReadLines = (steps: number | "every") => Lines;

/** The value of a colour of the theme, for a canvas. */
export function seriesColor(variable: `--${string}`): string {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
}
