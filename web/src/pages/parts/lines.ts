/** What the charts read: the seconds of the chosen range. */

import type { ReadLines } from "../../components/lines";
import type { ChartEvents } from "../../components/TimeChart";
import { bus } from "../../live/bus";
import type { Column } from "../../live/history";
import { measuredPlot } from "../../live/measured";
import { panBy, setRange, shownSpan, zoomBack, zoomBy, zoomTo } from "../../range/store";

/** Paints at each update of the totals while `element` is in sight. */
export function onTotals(paint: () => void, element: Element): () => void {
  return bus.view(["totals"], paint, { element });
}

/** A reader of the given columns for a chart. */
export function chartLines(columns: readonly Column[]): ReadLines {
  return (steps) => {
    const span = shownSpan();
    if (span === null) return { x: [], y: columns.map(() => []), breaks: [], span };
    return { ...measuredPlot(columns, span, steps), span };
  };
}

type Values = readonly (number | null)[];

/**
 * A reader of lines that are each put together from the same few columns.
 *
 * They are made of means: the extremes of several columns do not belong to the same second.
 */
export function derivedLines(
  columns: readonly Column[],
  makes: readonly ((values: Values) => number | null)[],
): ReadLines {
  return (steps) => {
    const span = shownSpan();
    if (span === null) return { x: [], y: makes.map(() => []), breaks: [], span };
    const { x, y, breaks } = measuredPlot(columns, span, steps, "means");
    const at = (index: number) => y.map((line) => line[index] ?? null);
    return { x, y: makes.map((make) => x.map((_, index) => make(at(index)))), breaks, span };
  };
}

/** The sum of what is known; unknown without any. */
export function sumOf(values: Values): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

/** A range without anything in it may have come with the address: there is no step back from it. */
function showWhatThereIs(): void {
  setRange(null);
}

export const CHART_EVENTS: ChartEvents = {
  zoom: zoomTo,
  back: zoomBack,
  pan: panBy,
  scale: zoomBy,
  clear: showWhatThereIs,
};
