/** What a flow's charts read: its steps, all of them or those that were zoomed in on. */

import type { Lines, ReadLines } from "../../components/lines";
import type { FlowCourse } from "../../generated/FlowCourse";
import type { FlowStep } from "../../generated/FlowStep";
import { type Span, stepsSpan, ZoomedCharts } from "../parts/zoomed-charts";

const NOTHING: FlowCourse = {
  packets: 0,
  first_packet: null,
  last_packet: null,
  is_cut: false,
  from_ms: null,
  step_s: 1,
  steps: [],
};

/** The charts of one flow share their time, as those of a page do. */
export class FlowCharts extends ZoomedCharts {
  private course = NOTHING;

  show(course: FlowCourse): void {
    this.course = course;
    this.paint();
  }

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
