/** Series that stand on each other, and values that stand alone. */

import type uPlot from "uplot";
import { type Lines, type Series, seriesColor } from "./lines";

/** Points that make a value seen whose neighbours are both unknown. */
export function lonePoints({ color }: Series): uPlot.Series.Points {
  return { show: true, size: 4, width: 0, fill: seriesColor(color), filter: lone };
}

function lone(plot: uPlot, series: number): number[] {
  const values = plot.data[series] ?? [];
  const [first, last] = plot.series[0]?.idxs ?? [0, -1];
  const found: number[] = [];
  for (let index = first; index <= last; index += 1) {
    if (isUnknown(values[index])) continue;
    if (isUnknown(neighbour(values, index, -1)) && isUnknown(neighbour(values, index, 1))) found.push(index);
  }
  return found;
}

type Values = ArrayLike<number | null | undefined>;

/** The next value that the line has a point for, known or not; `undefined` where there is none. */
function neighbour(values: Values, index: number, step: 1 | -1): number | null | undefined {
  let next = index + step;
  while (values[next] === undefined && next >= 0 && next < values.length) next += step;
  return values[next];
}

/** The value at `index`, or where another line alone has a point the last one before. */
export function valueAt(values: Values, index: number): number | null {
  const own = values[index];
  return (own === undefined ? neighbour(values, index, -1) : own) ?? null;
}

export function isUnknown(value: number | null | undefined): value is null | undefined {
  return value === null || value === undefined;
}

/** Each line on top of those before it; unknown where any of them is. */
export function stacked(lines: Lines["y"]): Lines["y"] {
  const sums: Lines["y"] = [];
  for (const line of lines) {
    const below = sums.at(-1);
    sums.push(
      line.map((value, index) => {
        const base = below === undefined ? 0 : (below[index] ?? null);
        return isUnknown(value) || base === null ? null : base + value;
      }),
    );
  }
  return sums;
}

/** The colours are hexadecimal: two more digits make 40 % of opacity. */
const OPACITY = "66";

/** The areas between stacked lines. The library counts the time axis as its first series. */
export function stackedBands(series: readonly Series[]): uPlot.Band[] {
  return series.slice(1).map(({ color }, index) => ({
    series: [index + 2, index + 1],
    fill: `${seriesColor(color)}${OPACITY}`,
  }));
}

/** The area of the lowest line, which reaches down to zero. */
export function stackedFloor({ color }: Series): string {
  return `${seriesColor(color)}${OPACITY}`;
}
