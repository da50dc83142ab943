/** What a flow's charts read: its steps, all of them or those that were zoomed in on. */

import type { Lines, ReadLines } from "../../components/lines";
import type { ChartEvents } from "../../components/TimeChart";
import type { FlowCourse } from "../../generated/FlowCourse";
import type { FlowStep } from "../../generated/FlowStep";

interface Span {
  from: number;
  to: number;
}

const NOTHING: FlowCourse = {
  packets: 0,
  first_packet: null,
  last_packet: null,
  is_cut: false,
  from_ms: null,
  step_s: 1,
  steps: [],
};

/** Zooming in stops here: fewer steps make no line. */
const LEAST_STEPS = 3;

/** The charts of one flow share their time, as those of a page do. */
export class FlowCharts {
  private course = NOTHING;
  private readonly zooms: Span[] = [];
  private readonly paints = new Set<() => void>();

  show(course: FlowCourse): void {
    this.course = course;
    this.paint();
  }

  readonly subscribe = (paint: () => void): (() => void) => {
    this.paints.add(paint);
    return () => {
      this.paints.delete(paint);
    };
  };

  /**
   * A reader of the lines that `values` takes out of each step: of rates from whole steps only.
   *
   * The last step ends with the flow's last packet: its bits over its whole length would be a dive that never was. What
   * is counted or sampled in it is true.
   */
  lines(
    values: readonly ((step: FlowStep) => number | null)[],
    kind: "rates" | "counts" = "counts",
  ): ReadLines {
    return () => {
      const { from_ms, step_s, steps } = this.course;
      const span = this.zooms.at(-1) ?? this.whole();
      const lines: Lines = { x: [], y: values.map(() => []), breaks: [], span };
      if (span === null || from_ms === null) return lines;
      const shown = kind === "rates" && steps.length > 1 ? steps.slice(0, -1) : steps;
      for (const [index, step] of shown.entries()) {
        // A step's values are of its whole length: they stand in its middle.
        const x = from_ms / 1000 + (index + 0.5) * step_s;
        if (x < span.from || x > span.to) continue;
        lines.x.push(x);
        for (const [place, value] of values.entries()) lines.y[place]?.push(value(step));
      }
      return lines;
    };
  }

  readonly events: ChartEvents = {
    zoom: (from, to) => this.zoomTo({ from, to }),
    back: () => {
      this.zooms.pop();
      this.paint();
    },
    pan: (seconds) => {
      const [whole, zoom] = [this.whole(), this.zooms.at(-1)];
      if (whole === null || zoom === undefined) return;
      const by = Math.min(whole.to - zoom.to, Math.max(whole.from - zoom.from, seconds));
      this.zooms[this.zooms.length - 1] = { from: zoom.from + by, to: zoom.to + by };
      this.paint();
    },
    scale: (factor) => {
      const span = this.zooms.at(-1) ?? this.whole();
      if (span === null) return;
      const middle = (span.from + span.to) / 2;
      const half = ((span.to - span.from) / 2) * factor;
      this.zoomTo({ from: middle - half, to: middle + half });
    },
    clear: () => {
      this.zooms.length = 0;
      this.paint();
    },
  };

  private zoomTo({ from, to }: Span): void {
    const whole = this.whole();
    if (whole === null || to - from < LEAST_STEPS * this.course.step_s) return;
    const inside = { from: Math.max(whole.from, from), to: Math.min(whole.to, to) };
    if (inside.from === whole.from && inside.to === whole.to) this.zooms.length = 0;
    else if (inside.to > inside.from) this.zooms.push(inside);
    this.paint();
  }

  private whole(): Span | null {
    const { from_ms, step_s, steps } = this.course;
    if (from_ms === null || steps.length === 0) return null;
    const from = from_ms / 1000;
    return { from, to: from + steps.length * step_s };
  }

  private paint(): void {
    for (const paint of this.paints) paint();
  }
}
