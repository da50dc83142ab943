/** One uPlot and the little state around it: drawing, the crosshair, zooming and panning with the pointer. */

import uPlot from "uplot";
import { pointTime } from "../lib/format";
import type { Lines, ReadLines, Scale, Series } from "./lines";
import { axes, hatchBreaks, line, yRange } from "./plot-looks";
import { isUnknown, lonePoints, stacked, stackedBands, stackedFloor, valueAt } from "./plot-parts";

export interface PlotEvents {
  /** The person dragged over these seconds. */
  zoom(from: number, to: number): void;
  /** The person wants the range before. */
  back(): void;
  /** The person moved the window by so many seconds; `done` when the button is let go. */
  pan(seconds: number, done: boolean): void;
}

/** Charts with the same key share their crosshair and what is dragged over. */
const SYNC_KEY = "time";

/** A drag of less than this is a click with an unsteady hand. */
const LEAST_DRAG_PX = 6;

/** While somebody drags over a chart none of them moves on: the seconds dragged over would slip away. */
let dragged: TimePlot | null = null;

interface Parts {
  unit: string;
  series: readonly Series[];
  read: ReadLines;
  /** Says what the crosshair points at, or the newest values. */
  say: (text: string) => void;
  format: (value: number | null) => string;
  events: PlotEvents;
  /** Draws each series on top of those before it. */
  stacked: boolean;
  /** What the values lie within, whatever they are; `undefined` where nothing says that. */
  scale: Scale | undefined;
}

export class TimePlot {
  private plot: uPlot | null = null;
  private lines: Lines = { x: [], y: [], breaks: [], span: null };
  private cursor: number | null = null;
  /** Remembered, because asking for it at every update makes the browser lay out the page in between. */
  private width = 0;
  private panning: { from_px: number; moved_s: number } | null = null;

  constructor(
    private readonly host: HTMLElement,
    private readonly parts: Parts,
  ) {
    host.addEventListener("mousedown", this.pressed, { capture: true });
    this.build();
  }

  /** Draws from nothing: at the start and for another theme, because a canvas keeps its colours. */
  build(): void {
    this.plot?.destroy();
    this.width = this.host.clientWidth;
    this.cursor = null;
    this.read();
    this.plot = new uPlot(this.options(), this.aligned(), this.host);
    this.parts.say(this.latest());
  }

  update(): void {
    if (dragged !== null) return;
    this.read();
    this.plot?.setData(this.aligned());
    if (this.cursor === null) this.parts.say(this.latest());
  }

  resize(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (width === 0 || height === 0) return;
    this.width = width;
    this.plot?.setSize({ width, height });
    this.update();
  }

  destroy(): void {
    this.host.removeEventListener("mousedown", this.pressed, { capture: true });
    this.endPan();
    if (dragged === this) dragged = null;
    this.plot?.destroy();
    this.plot = null;
  }

  /** The picture as it is drawn. */
  get canvas(): HTMLCanvasElement | null {
    return this.plot?.ctx.canvas ?? null;
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

  private read(): void {
    this.lines = this.parts.read(this.width);
    const { x, y, span, waiting = false } = this.lines;
    this.host.toggleAttribute("data-blank", span !== null && x.length === 0 && !waiting);
    const unknown = y.every((line) => line.every(isUnknown));
    this.host.toggleAttribute("data-unknown", x.length > 0 && unknown);
  }

  private words(index: number): string {
    return this.parts.series
      .map(({ label }, line) => `${label} ${this.parts.format(valueAt(this.lines.y[line] ?? [], index))}`)
      .join("   ");
  }

  private aligned(): uPlot.AlignedData {
    if (this.parts.stacked) return [this.lines.x, ...stacked(this.lines.y)];
    const y = this.lines.y.map((line, index) => drawn(line, this.parts.series[index]));
    return [this.lines.x, ...y];
  }

  private options(): uPlot.Options {
    return {
      width: Math.max(1, this.host.clientWidth),
      height: Math.max(1, this.host.clientHeight),
      padding: [6, 32, 0, 0],
      cursor: {
        sync: { key: SYNC_KEY },
        points: { size: 6 },
        drag: { x: true, y: false, setScale: false, dist: LEAST_DRAG_PX },
        bind: {
          mousedown: (_plot, _target, handle) => (event) => {
            if (event.button === 0) dragged = this;
            handle(event);
            return null;
          },
          mouseup: (_plot, _target, handle) => (event) => {
            handle(event);
            this.letGo();
            return null;
          },
          dblclick: () => () => {
            this.parts.events.back();
            return null;
          },
        },
      },
      scales: {
        x: { time: true, range: (_plot, low, high) => this.xRange(low, high) },
        y: { range: (_plot, low, high) => yRange(low, high, this.parts.scale) },
      },
      axes: axes(this.parts.unit),
      series: [{}, ...this.parts.series.map((series, index) => this.looks(series, index))],
      bands: this.parts.stacked ? stackedBands(this.parts.series) : [],
      hooks: {
        drawClear: [(plot) => hatchBreaks(plot, this.lines.breaks)],
        setCursor: [() => this.cursorMoved()],
        setSelect: [(plot) => this.selected(plot)],
      },
    };
  }

  private looks(series: Series, index: number): uPlot.Series {
    return {
      ...line(series),
      // A line needs two values: one alone would not be seen.
      ...(series.shape === undefined || series.shape === "line" ? { points: lonePoints(series) } : {}),
      ...(this.parts.stacked && index === 0 ? { fill: stackedFloor(series) } : {}),
    };
  }

  private cursorMoved(): void {
    this.cursor = this.plot?.cursor.idx ?? null;
    this.parts.say(
      this.cursor === null
        ? this.latest()
        : `${pointTime((this.lines.x[this.cursor] ?? 0) * 1000)}   ${this.words(this.cursor)}`,
    );
  }

  /** What is dragged over is marked in every chart; the one under the pointer says so. */
  private selected(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width > 0) plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    if (dragged !== this) return;
    dragged = null;
    if (width >= LEAST_DRAG_PX) {
      this.parts.events.zoom(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"));
    }
    this.update();
  }

  /** A click that was no drag ends here. */
  private letGo(): void {
    if (dragged !== this) return;
    dragged = null;
    this.update();
  }

  /** With Shift the window moves along with the pointer, and the library hears nothing of it. */
  private readonly pressed = (event: MouseEvent) => {
    if (!event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.panning = { from_px: event.clientX, moved_s: 0 };
    window.addEventListener("mousemove", this.panned);
    window.addEventListener("mouseup", this.released);
  };

  private readonly panned = (event: MouseEvent) => {
    const { panning, plot } = this;
    const span = this.lines.span;
    if (panning === null || plot === null || span === null) return;
    const seconds_a_px = ((span.to - span.from) * devicePixelRatio) / plot.bbox.width;
    const wanted_s = Math.round((panning.from_px - event.clientX) * seconds_a_px);
    if (wanted_s === panning.moved_s) return;
    this.parts.events.pan(wanted_s - panning.moved_s, false);
    panning.moved_s = wanted_s;
  };

  private readonly released = () => {
    this.endPan();
    this.parts.events.pan(0, true);
  };

  private endPan(): void {
    this.panning = null;
    window.removeEventListener("mousemove", this.panned);
    window.removeEventListener("mouseup", this.released);
  }

  /** A point alone has no range of its own. */
  private xRange(low: number, high: number): [number, number] {
    const { from, to } = this.lines.span ?? { from: low, to: high };
    return to > from ? [from, to] : [from - 1, from + 1];
  }
}

/** What is drawn for the values of a series. */
function drawn(values: Lines["y"][number], series: Series | undefined): Lines["y"][number] {
  // Nothing is no bar, not one without height.
  const shown = series?.shape === "bars" ? values.map((value) => (value === 0 ? null : value)) : [...values];
  return series?.below === true ? shown.map((value) => (isUnknown(value) ? value : -value)) : shown;
}
