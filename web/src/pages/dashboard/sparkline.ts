/** The small lines of the cards. */

import { seriesColor } from "../../components/lines";
import type { Size } from "../../components/size";
import type { Card } from "./cards";

/** Canvas pixels for each CSS pixel. */
const SHARPNESS = 2;

/** What tells the second line from the first without its colour. */
const DASH = [3, 2];

/** Draws the lines of one card, which share their scale. */
export function drawSparklines(
  canvas: HTMLCanvasElement,
  { width, height }: Size,
  cards: readonly Pick<Card, "color" | "sparkline">[],
): void {
  if (canvas.width !== width * SHARPNESS || canvas.height !== height * SHARPNESS) {
    canvas.width = width * SHARPNESS;
    canvas.height = height * SHARPNESS;
  }
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.setTransform(SHARPNESS, 0, 0, SHARPNESS, 0, 0);
  context.clearRect(0, 0, width, height);
  context.lineWidth = 1.25;
  const lines = cards.map(({ color, sparkline }) => ({ color: seriesColor(color), ...sparkline() }));
  const top = Math.max(...lines.flatMap(({ y }) => y.map((value) => value ?? 0)), 0);
  for (const [place, { color, x: times, y: values }] of lines.entries()) {
    const begin = times[0] ?? 0;
    const length = (times.at(-1) ?? begin) - begin;
    // One moment is a number and no line.
    if (length <= 0) continue;
    const x = (index: number) => (((times[index] ?? begin) - begin) / length) * width;
    const y = (value: number) => height - 1 - (top === 0 ? 0 : value / top) * (height - 3);
    context.setLineDash(place === 0 ? [] : DASH);
    context.strokeStyle = color;
    context.fillStyle = `${color}1f`;
    for (const [first, end] of runs(values)) {
      context.beginPath();
      // A value alone is drawn as a short line, because a line of no length is not drawn.
      if (end - first === 1) context.moveTo(x(first) - 1, y(values[first] ?? 0));
      for (let index = first; index < end; index += 1) context.lineTo(x(index), y(values[index] ?? 0));
      context.stroke();
      context.lineTo(x(end - 1), height);
      context.lineTo(x(first), height);
      context.fill();
    }
  }
}

/** The stretches without a gap, each as its first place and the one after its last. */
function runs(values: readonly (number | null)[]): [first: number, end: number][] {
  const found: [number, number][] = [];
  for (const [index, value] of values.entries()) {
    const last = found.at(-1);
    if (value === null) continue;
    if (last !== undefined && last[1] === index) last[1] = index + 1;
    else found.push([index, index + 1]);
  }
  return found;
}
