/** What the charts of one flow or host read: its steps, all of them or those that were zoomed in on. */

import type { Lines, ReadLines } from "../../components/lines";
import { type Span, stepsSpan, ZoomedCharts } from "./zoomed-charts";

/** Equal steps, oldest first. */
export interface Course<Step> {
  /** When the first step begins, in milliseconds since the epoch; `null` without a packet that has a stamp. */
  from_ms: number | null;
  /** How long a step is, in seconds. */
  step_s: number;
  steps: readonly Step[];
}

/** The charts of one share their time, as those of a page do. */
export class CourseCharts<Step> extends ZoomedCharts {
  private course: Course<Step> = { from_ms: null, step_s: 1, steps: [] };

  show(course: Course<Step>): void {
    this.course = course;
    this.paint();
  }

  /**
   * A reader of the lines that `values` takes out of each step: of rates from whole steps only.
   *
   * The last step ends with the last packet: its bits over its whole length would be a dive that never was. What
   * is counted or sampled in it is true.
   */
  lines(values: readonly ((step: Step) => number | null)[], kind: "rates" | "counts" = "counts"): ReadLines {
    return () => {
      const { from_ms, step_s, steps } = this.course;
      const span = this.span();
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

  protected whole(): Span | null {
    const { from_ms, step_s, steps } = this.course;
    return stepsSpan(from_ms, step_s, steps);
  }

  protected step_s(): number {
    return this.course.step_s;
  }
}
