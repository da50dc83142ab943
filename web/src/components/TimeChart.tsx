/** Lines over time. React mounts it once; every update goes straight to the canvas. */

import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import { axisTick, timeOfDay } from "../lib/format";
import { strings } from "../lib/strings";
import { Panel } from "./Panel";
import { TableToggle } from "./TableToggle";

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

interface Props {
  title: string;
  unit: string;
  meta: string;
  /** Constant or memoised: another list builds another chart. */
  series: readonly Series[];
  /** Reads the lines, in at most so many steps. Constant or memoised. */
  read: (most: number) => Lines;
  format: (value: number | null) => string;
  /** Calls back at each update while `element` is in sight; answers what ends that. Constant or memoised. */
  subscribe: (paint: () => void, element: Element) => () => void;
  className?: string;
}

const HEIGHT = 176;
/** Seconds between two labels of the time axis; the library's own steps jump from one minute to five. */
const TIME_STEPS_S = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400,
];

const DESCRIBE_EVERY_MS = 5_000;

/** Charts with the same key share their crosshair. */
const SYNC_KEY = "time";

export function TimeChart(props: Props) {
  const { title, unit, meta, series, className = "" } = props;
  const [asTable, setAsTable] = useState(false);
  const readout = useRef<HTMLSpanElement>(null);
  return (
    <Panel
      title={title}
      unit={unit}
      className={className}
      meta={<span className="max-sm:hidden">{meta}</span>}
      readout={<span ref={readout} />}
      actions={<TableToggle asTable={asTable} onChange={setAsTable} />}
    >
      {asTable ? (
        <ChartTable {...props} />
      ) : (
        <>
          <Legend series={series} />
          <Plot {...props} readout={readout} />
        </>
      )}
    </Panel>
  );
}

function Legend({ series }: { series: readonly Series[] }) {
  return (
    <ul className="flex flex-wrap gap-x-3 px-3 pb-1 text-fg-3 text-meta">
      {series.map(({ label, color, dash }) => (
        <li key={label} className="inline-flex items-center gap-1.5">
          <svg width="14" height="4" aria-hidden="true" className="swatch">
            <line
              x1="0"
              x2="14"
              y1="2"
              y2="2"
              stroke={`var(${color})`}
              strokeWidth="3"
              strokeDasharray={dash === undefined ? undefined : "4 2"}
            />
          </svg>
          {label}
        </li>
      ))}
    </ul>
  );
}

type PlotProps = Props & { readout: React.RefObject<HTMLSpanElement | null> };

function Plot({ title, series, read, format, subscribe, readout }: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | null>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const drawn = new Chart(
      element,
      series,
      read,
      (text) => {
        if (readout.current !== null) readout.current.textContent = text;
      },
      format,
    );
    chart.current = drawn;
    const unsubscribe = subscribe(() => drawn.update(), element);
    const resize = new ResizeObserver(() => drawn.resize());
    resize.observe(element);
    const theme = new MutationObserver(() => drawn.build());
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    const describe = () => element.setAttribute("aria-description", strings.chart.now(drawn.latest()));
    const describing = setInterval(describe, DESCRIBE_EVERY_MS);
    return () => {
      unsubscribe();
      resize.disconnect();
      theme.disconnect();
      clearInterval(describing);
      drawn.destroy();
      chart.current = null;
    };
  }, [series, read, format, subscribe, readout]);

  const press = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    chart.current?.moveCursor(step);
  };
  return (
    <div
      ref={host}
      role="img"
      tabIndex={0}
      aria-label={strings.chart.describe(title)}
      className="mb-1 overflow-hidden"
      style={{ height: HEIGHT }}
      onKeyDown={press}
      onBlur={() => chart.current?.hideCursor()}
    />
  );
}

/** One uPlot and the little state around it. */
class Chart {
  private plot: uPlot | null = null;
  private lines: Lines = { x: [], y: [], breaks: [], span: null };
  private cursor: number | null = null;

  constructor(
    private readonly host: HTMLElement,
    private readonly series: readonly Series[],
    private readonly read: (most: number) => Lines,
    private readonly say: (text: string) => void,
    private readonly format: (value: number | null) => string,
  ) {
    this.build();
  }

  /** Draws from nothing: at the start and for another theme, because a canvas keeps its colours. */
  build(): void {
    this.plot?.destroy();
    this.cursor = null;
    this.lines = this.read(this.host.clientWidth);
    this.plot = new uPlot(this.options(), this.aligned(), this.host);
    this.say(this.latest());
  }

  update(): void {
    this.lines = this.read(this.host.clientWidth);
    this.plot?.setData(this.aligned());
    if (this.cursor === null) this.say(this.latest());
  }

  resize(): void {
    this.plot?.setSize({ width: this.host.clientWidth, height: HEIGHT });
    this.update();
  }

  destroy(): void {
    this.plot?.destroy();
    this.plot = null;
  }

  /** The newest value of each series, in words. */
  latest(): string {
    return this.words(this.lines.x.length - 1);
  }

  moveCursor(step: number): void {
    const { plot } = this;
    const last = this.lines.x.length - 1;
    if (plot === null || last < 0) return;
    const index = Math.min(last, Math.max(0, (this.cursor ?? last + 1) + step));
    plot.setCursor({ left: plot.valToPos(this.lines.x[index] ?? 0, "x"), top: 0 });
  }

  hideCursor(): void {
    this.plot?.setCursor({ left: -10, top: -10 });
  }

  private words(index: number): string {
    return this.series
      .map(({ label }, line) => `${label} ${this.format(this.lines.y[line]?.[index] ?? null)}`)
      .join("   ");
  }

  private aligned(): uPlot.AlignedData {
    const y = this.lines.y.map((line, index) =>
      this.series[index]?.below === true ? line.map((value) => (value === null ? null : -value)) : line,
    );
    return [this.lines.x, ...y];
  }

  private options(): uPlot.Options {
    const axis: uPlot.Axis = {
      stroke: color("--fg-3"),
      grid: { stroke: color("--line"), width: 1 },
      ticks: { show: false },
      font: '11px "Inter Variable", sans-serif',
      gap: 4,
    };
    return {
      width: Math.max(1, this.host.clientWidth),
      height: HEIGHT,
      padding: [6, 32, 0, 0],
      cursor: { sync: { key: SYNC_KEY }, points: { size: 6 }, drag: { x: false, y: false } },
      scales: {
        x: { time: true, range: (_plot, low, high) => this.xRange(low, high) },
        y: { range: (_plot, low, high) => this.yRange(low, high) },
      },
      axes: [
        {
          ...axis,
          size: 22,
          space: 80,
          incrs: TIME_STEPS_S,
          values: (_plot, ticks) => ticks.map((tick) => timeOfDay(tick * 1000)),
        },
        { ...axis, size: 46, space: 34, values: (_plot, ticks) => ticks.map(axisTick) },
      ],
      series: [{}, ...this.series.map((series) => this.line(series))],
      hooks: {
        drawClear: [(plot) => hatchBreaks(plot, this.lines.breaks)],
        setCursor: [
          (plot) => {
            this.cursor = plot.cursor.idx ?? null;
            this.say(
              this.cursor === null
                ? this.latest()
                : `${timeOfDay((this.lines.x[this.cursor] ?? 0) * 1000)}   ${this.words(this.cursor)}`,
            );
          },
        ],
      },
    };
  }

  /** A point alone has no range of its own. */
  private xRange(low: number, high: number): [number, number] {
    const { from, to } = this.lines.span ?? { from: low, to: high };
    return to > from ? [from, to] : [from - 1, from + 1];
  }

  private yRange(low: number, high: number): [number, number] {
    const headroom = 1.12;
    const top = Math.max(high, 0) * headroom;
    const bottom = Math.min(low, 0) * headroom;
    return top - bottom > 0 ? [bottom, top] : [0, 1];
  }

  private line({ label, color: variable, fill, dash }: Series): uPlot.Series {
    const stroke = color(variable);
    return {
      label,
      stroke,
      width: 1.5,
      points: { show: false },
      ...(dash === undefined ? {} : { dash }),
      // The colours are hexadecimal: two more digits make 16 % of opacity.
      ...(fill === true ? { fill: `${stroke}29` } : {}),
    };
  }
}

function color(variable: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
}

const HATCH_PX = 6;

/** Nobody was looking between two stretches: that is hatched, never a line. */
function hatchBreaks(plot: uPlot, breaks: Lines["breaks"]): void {
  const { ctx, bbox } = plot;
  for (const [from, to] of breaks) {
    const left = Math.max(bbox.left, plot.valToPos(from, "x", true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(to, "x", true));
    if (right <= left) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, right - left, bbox.height);
    ctx.clip();
    ctx.strokeStyle = color("--line-strong");
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

const TABLE_ROWS = 60;
const TABLE_EVERY_MS = 1_000;

/** The same numbers as text, newest first. */
function ChartTable({ title, series, read, format }: Props) {
  const [lines, setLines] = useState(() => read(TABLE_ROWS));
  useEffect(() => {
    const timer = setInterval(() => setLines(read(TABLE_ROWS)), TABLE_EVERY_MS);
    return () => clearInterval(timer);
  }, [read]);
  const newestFirst = lines.x.map((_, index) => lines.x.length - 1 - index).slice(0, TABLE_ROWS);
  return (
    <section className="mb-1 overflow-auto" style={{ height: HEIGHT + 20 }} aria-label={title} tabIndex={0}>
      <table className="w-full text-table">
        <thead className="sticky top-0 bg-panel text-fg-3">
          <tr>
            <th scope="col" className="px-3 text-left font-medium">
              {strings.chart.time}
            </th>
            {series.map(({ label }) => (
              <th key={label} scope="col" className="px-3 text-right font-medium">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {newestFirst.map((index) => (
            <tr key={lines.x[index]} className="h-[26px]">
              <th scope="row" className="px-3 text-left font-normal">
                {timeOfDay((lines.x[index] ?? 0) * 1000)}
              </th>
              {series.map(({ label }, line) => (
                <td key={label} className="px-3 text-right">
                  {format(lines.y[line]?.[index] ?? null)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
