/** How a chart over time looks: axes, lines, and the hatching where nobody was looking. */

import uPlot from "uplot";
import { axisTick, timeTick } from "../lib/format";
import { type Lines, type Scale, type Series, seriesColor } from "./lines";

/** Seconds between two labels of the time axis; the library's own steps jump from one minute to five. */
const TIME_STEPS_S = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800,
  604_800,
];

/** For what is shorter than any range of the session: a flow may last a blink. */
const SHORT_STEPS_S = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, ...TIME_STEPS_S];
const SHORT_S = 5;

/** Time below, values in `unit` at the left. A canvas keeps its colours, so that another theme needs other axes. */
export function axes(unit: string): uPlot.Axis[] {
  const axis: uPlot.Axis = {
    stroke: seriesColor("--fg-3"),
    grid: { stroke: seriesColor("--line"), width: 1 },
    ticks: { show: false },
    font: '11px "Inter Variable", sans-serif',
    gap: 4,
  };
  return [
    {
      ...axis,
      size: 22,
      space: 80,
      incrs: (_plot, _axis, from, to) => (to - from < SHORT_S ? SHORT_STEPS_S : TIME_STEPS_S),
      values: (_plot, ticks) => ticks.map((tick) => timeTick(tick * 1000)),
    },
    // A low chart has room for a label above and one below zero when they stand closer.
    {
      ...axis,
      size: 46,
      space: (_plot, _axis, _low, _high, height) => (height < 130 ? 20 : 34),
      values: (_plot, ticks, _axis, _space, step) => ticks.map((tick) => axisTick(tick, step, unit)),
    },
  ];
}

/** Both sides of zero, with room above the highest line; or the fixed scale of a measure that has one. */
export function yRange(low: number, high: number, scale?: Scale): [number, number] {
  if (scale !== undefined) return [...scale];
  const headroom = 1.12;
  const top = Math.max(high, 0) * headroom;
  const bottom = Math.min(low, 0) * headroom;
  return top - bottom > 0 ? [bottom, top] : [0, 1];
}

/** How a series is drawn. */
export function line({ label, color, fill, dash, shape = "line" }: Series): uPlot.Series {
  const stroke = seriesColor(color);
  return {
    label,
    stroke,
    width: 1.5,
    points: shape === "dots" ? { show: true, size: 5, fill: stroke, width: 0 } : { show: false },
    ...(shape === "bars" ? { paths: bars(), fill: stroke, width: 0 } : {}),
    ...(dash === undefined ? {} : { dash }),
    // The colours are hexadecimal: two more digits make 16 % of opacity.
    ...(fill === true ? { fill: `${stroke}29` } : {}),
  };
}

/** Counts of a step: a bar each, with a little room between. */
function bars(): uPlot.Series.PathBuilder {
  return uPlot.paths.bars?.({ size: [0.8, 12] }) ?? (() => null);
}

const HATCH_PX = 6;

/** Nobody was looking between two stretches: that is hatched, never a line. */
export function hatchBreaks(plot: uPlot, breaks: Lines["breaks"]): void {
  const { ctx, bbox } = plot;
  for (const [from, to] of breaks) {
    const left = Math.max(bbox.left, plot.valToPos(from, "x", true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(to, "x", true));
    if (right <= left) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, right - left, bbox.height);
    ctx.clip();
    ctx.strokeStyle = seriesColor("--line-strong");
    ctx.lineWidth = 1;
    // The series drawn before may have left its dashes.
    ctx.setLineDash([]);
    ctx.beginPath();
    const step = HATCH_PX * devicePixelRatio;
    for (let x = left - bbox.height; x < right; x += step) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }
}
