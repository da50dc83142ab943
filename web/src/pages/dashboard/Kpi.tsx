/** One number of this moment, with the range on the screen behind it. */

import { useEffect, useRef } from "react";
import { seriesColor } from "../../components/lines";
import { type Size, useSize } from "../../components/size";
import { Term } from "../../components/Term";
import { UNKNOWN } from "../../lib/format";
import { strings } from "../../lib/strings";
import { bus } from "../../live/bus";
import { model } from "../../live/model";
import { type Card, isStale } from "./cards";

/** Numbers that change faster cannot be read. */
const PAINT_EVERY_MS = 250;

/** Canvas pixels for each CSS pixel. */
const SHARPNESS = 2;

export function Kpi({ card }: { card: Card }) {
  const root = useRef<HTMLLIElement>(null);
  const number = useRef<HTMLSpanElement>(null);
  const unit = useRef<HTMLSpanElement>(null);
  const beside = useRef<HTMLSpanElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  // Asked for at each painting, the size of one card would make the browser lay out the texts of the one before.
  const measured = useSize(canvas);
  const size = useRef(measured);
  useEffect(() => {
    size.current = measured;
    bus.markAll();
  }, [measured]);
  useEffect(() => {
    const paint = () => {
      const { reading, details } = card.read();
      if (number.current !== null) number.current.textContent = isStale() ? UNKNOWN : reading.number;
      if (unit.current !== null) unit.current.textContent = reading.unit;
      for (const [index, part] of [...(beside.current?.children ?? [])].entries()) {
        part.textContent = details[index] ?? "";
      }
      const { kernel_drops = 0, interface_drops = 0 } = model.shown.totals?.traffic ?? {};
      root.current?.toggleAttribute("data-drops", (kernel_drops ?? 0) > 0 || (interface_drops ?? 0) > 0);
      if (canvas.current !== null) drawSparkline(canvas.current, size.current, card);
    };
    return bus.view(["totals"], paint, { every_ms: PAINT_EVERY_MS, element: root.current });
  }, [card]);
  return (
    <li ref={root} className="panel group relative overflow-hidden px-3 pt-2 pb-1.5">
      <div className="flex h-5 items-center text-fg-3 text-meta">
        <span className="font-medium">
          {card.hint === undefined ? card.label : <Term label={card.label} hint={card.hint} />}
        </span>
        <span
          title={strings.dashboard.dropsHint}
          className="ml-auto hidden rounded-full border border-warn/50 px-1.5 font-semibold text-warn group-data-drops:inline"
        >
          ▲ {strings.dashboard.drops}
        </span>
      </div>
      <div>
        <span className="flex items-baseline gap-1">
          <span ref={number} className="font-semibold text-kpi leading-8 tracking-tight">
            {UNKNOWN}
          </span>
          <span ref={unit} className="text-fg-2 text-table" />
        </span>
        {/* Where there is no room for all, the last are left out whole. */}
        <span
          ref={beside}
          className="flex h-4 flex-wrap gap-x-1.5 overflow-hidden whitespace-nowrap text-fg-3 text-meta leading-4 *:empty:hidden *:not-first:before:mr-1.5 *:not-first:before:content-['·']"
        >
          <span />
          <span />
          <span />
        </span>
      </div>
      <canvas ref={canvas} className="mt-1 block h-7 w-full" />
    </li>
  );
}

function drawSparkline(canvas: HTMLCanvasElement, { width, height }: Size, card: Card): void {
  if (canvas.width !== width * SHARPNESS || canvas.height !== height * SHARPNESS) {
    canvas.width = width * SHARPNESS;
    canvas.height = height * SHARPNESS;
  }
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.setTransform(SHARPNESS, 0, 0, SHARPNESS, 0, 0);
  context.clearRect(0, 0, width, height);
  const { x: times, y: values } = card.sparkline();
  const begin = times[0] ?? 0;
  const length = (times.at(-1) ?? begin) - begin;
  // One moment is a number and no line.
  if (length <= 0) return;
  const top = values.reduce<number>((highest, value) => Math.max(highest, value ?? 0), 0);
  const x = (index: number) => (((times[index] ?? begin) - begin) / length) * width;
  const y = (value: number) => height - 1 - (top === 0 ? 0 : value / top) * (height - 3);
  const color = seriesColor(card.color);
  context.lineWidth = 1.25;
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
