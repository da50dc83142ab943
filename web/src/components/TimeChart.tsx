/** Lines over time. React mounts it once; every update goes straight to the canvas. */

import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useMemo, useRef } from "react";
import { pointTime } from "../lib/format";
import { strings } from "../lib/strings";
import type { Column, Table } from "../lib/table";
import { pngOf } from "./chart-picture";
import type { ReadLines, Scale, Series } from "./lines";
import { Panel } from "./Panel";
import { type PlotEvents, TimePlot } from "./time-plot";

interface Props {
  title: string;
  unit: string;
  meta: ReactNode;
  /** Constant or memoised: another list builds another chart. */
  series: readonly Series[];
  /** Constant or memoised. */
  read: ReadLines;
  format: (value: number | null) => string;
  /** Calls back at each update while `element` is in sight; answers what ends that. Constant or memoised. */
  subscribe: (paint: () => void, element: Element) => () => void;
  /** Constant or memoised. */
  events: ChartEvents;
  /** Draws each series on top of those before it, as parts of a whole. */
  stacked?: boolean;
  /** The least and the greatest value of a measure that has such; else as high as its values. Constant or memoised. */
  scale?: Scale;
  /** Why there is no line although there was traffic; left out where that cannot be. */
  unknown?: string;
  /** Less high, where several stand under each other. */
  low?: boolean;
  className?: string;
}

export interface ChartEvents extends PlotEvents {
  /** The person wants a window so many times as long. */
  scale(factor: number): void;
  /** The person wants to see what there is. */
  clear(): void;
}

const DESCRIBE_EVERY_MS = 5_000;

export function TimeChart(props: Props) {
  const { title, unit, meta, series, read, format, className = "" } = props;
  const readout = useRef<HTMLSpanElement>(null);
  const plot = useRef<TimePlot | null>(null);
  const table = useMemo(() => tableOf(unit, series, read, format), [unit, series, read, format]);
  const picture = useMemo(
    () => ({
      ending: "png" as const,
      make: () => pngOf(plot.current?.canvas ?? null, `${title} (${unit})`, series),
    }),
    [title, unit, series],
  );
  return (
    <Panel
      title={title}
      unit={unit}
      className={className}
      meta={meta}
      readout={<span ref={readout} />}
      table={table}
      picture={picture}
    >
      <Legend series={series} />
      <Plot {...props} readout={readout} plot={plot} />
    </Panel>
  );
}

/** The same numbers as text, newest first. */
function tableOf(unit: string, series: readonly Series[], read: ReadLines, format: Props["format"]): Table {
  const time: Column = { label: strings.chart.time, text: timeText, file: timeStamp };
  return {
    columns: [time, ...series.map(({ label }) => ({ label, unit, text: format }))],
    rows: () => {
      const { x, y } = read("every");
      return x.map((second, index) => [second, ...y.map((line) => line[index] ?? null)]).reverse();
    },
  };
}

function timeText(second: number | null): string {
  return pointTime(second === null ? null : second * 1000);
}

/** In a file that is opened elsewhere only a time with its zone means anything. */
function timeStamp(second: number | null): string {
  return second === null ? "" : new Date(second * 1000).toISOString();
}

function Legend({ series }: { series: readonly Series[] }) {
  return (
    <ul className="flex flex-wrap gap-x-3 px-3 pb-1 text-fg-3 text-meta">
      {series.map(({ label, color, dash }) => (
        <li key={label} className="inline-flex items-center gap-1.5">
          <svg width="20" height="4" aria-hidden="true" className="swatch">
            <line
              x1="0"
              x2="20"
              y1="2"
              y2="2"
              stroke={`var(${color})`}
              strokeWidth="3"
              strokeDasharray={dash?.join(" ")}
            />
          </svg>
          {label}
        </li>
      ))}
    </ul>
  );
}

interface PlotProps extends Props {
  readout: RefObject<HTMLSpanElement | null>;
  plot: RefObject<TimePlot | null>;
}

function Plot({ title, unit, series, read, format, subscribe, events, readout, plot, ...rest }: PlotProps) {
  const { low = false, stacked = false, scale, unknown } = rest;
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const say = (text: string) => {
      if (readout.current !== null) readout.current.textContent = text;
    };
    const drawn = new TimePlot(element, { unit, series, read, say, format, events, stacked, scale });
    plot.current = drawn;
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
      plot.current = null;
    };
  }, [unit, series, read, format, subscribe, events, stacked, scale, readout, plot]);

  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const factor = { "+": 0.5, "-": 2 }[event.key];
    if (step !== undefined) plot.current?.moveCursor(step);
    else if (factor !== undefined) events.scale(factor);
    else return;
    event.preventDefault();
  };
  return (
    // The height comes from the panel; the drawing, which is laid over it, never pushes it.
    <div className={`relative mb-1 flex-1 ${low ? "min-h-30" : "min-h-44"}`}>
      <div
        ref={host}
        role="img"
        tabIndex={0}
        aria-label={strings.chart.describe(title)}
        className="peer absolute inset-0 overflow-hidden"
        onKeyDown={press}
        onBlur={() => plot.current?.hideCursor()}
      />
      {unknown !== undefined && (
        <div className="pointer-events-none absolute inset-0 hidden place-items-center pr-8 pl-12 text-center peer-data-unknown:grid">
          <p className="rounded-lg bg-panel px-2 py-1 text-fg-3">{unknown}</p>
        </div>
      )}
      {/* The drawing says itself whether there is anything in it: React is not asked at every update. */}
      <div className="pointer-events-none absolute inset-0 hidden place-items-center text-center peer-data-blank:grid">
        <div className="rounded-lg bg-panel px-4 py-3">
          <p className="font-medium">{strings.range.outside}</p>
          <button type="button" className="button pointer-events-auto mt-2" onClick={events.clear}>
            {strings.range.newest}
          </button>
        </div>
      </div>
    </div>
  );
}
