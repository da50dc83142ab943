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
  /** `dots` marks every value, so that one alone is seen; `bars` is for counts. */
  shape?: "line" | "dots" | "bars";
}

/** What the values of a measure lie within. */
export type Scale = readonly [least: number, greatest: number];

/**
 * The points of a chart: one list in `y` for each series. `null` where there is no value, which breaks a line;
 * `undefined` where another series alone has a point, which a line goes past.
 */
export interface Lines {
  x: number[];
  y: (number | null | undefined)[][];
  breaks: [from: number, to: number][];
  /** What the time axis shows, in seconds; `null` without any point. */
  span: { from: number; to: number } | null;
  /** The points are still on their way: that there are none says nothing. */
  waiting?: boolean;
}

/**
 * Reads the lines of a chart: in at most so many steps, each with its least and greatest value, or every value that is
 * kept.
 */
export type ReadLines = (steps: number | "every") => Lines;

/** The colours read so far, and the theme they belong to. */
const read = { theme: "", colors: new Map<string, string>() };

/** The value of a colour of the theme, for a canvas. Asking the browser makes it compute styles: once a theme is enough. */
export function seriesColor(variable: `--${string}`): string {
  const { theme = "" } = document.documentElement.dataset;
  if (theme !== read.theme) {
    read.theme = theme;
    read.colors.clear();
  }
  const known = read.colors.get(variable);
  if (known !== undefined) return known;
  const color = getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
  read.colors.set(variable, color);
  return color;
}
