/** What the charts of a stream, or of all streams of a call, read: the steps of each, on one time. */

import type { Lines, ReadLines } from "../../../components/lines";
import type { StreamCourse } from "../../../generated/StreamCourse";
import type { StreamStep } from "../../../generated/StreamStep";
import { type Span, stepsSpan, ZoomedCharts } from "../../parts/zoomed-charts";

/** The charts of some streams share their time, from the first step of any to the last. */
export class StreamCharts extends ZoomedCharts {
  private courses: readonly (StreamCourse | null)[] = [];

  /** One for each line of the charts, in their order; `null` while it is on its way. */
  show(courses: readonly (StreamCourse | null)[]): void {
    this.courses = courses;
    this.paint();
  }

  /** A reader of what `value` takes out of each step: one line for each of the streams at `places`, or for all. */
  lines(value: (step: StreamStep) => number | null, places: readonly number[] | null = null): ReadLines {
    return () => {
      const span = this.span();
      const drawn = places?.map((place) => this.courses[place] ?? null) ?? this.courses;
      const waiting = drawn.includes(null);
      const lines: Lines = { x: [], y: drawn.map(() => []), breaks: [], span, waiting };
      if (span === null) return lines;
      const points = drawn.map((course) => pointsOf(course, value));
      const times = new Set(points.flatMap((own) => [...own.keys()]));
      lines.x = [...times].filter((x) => x >= span.from && x <= span.to).sort((one, other) => one - other);
      lines.y = points.map((own, place) => {
        const whole = spanOf(drawn[place] ?? null);
        const between = (x: number) => whole !== null && x > whole.from && x < whole.to;
        // While another stream has a point this one goes on; before its beginning and after its end it is not.
        return lines.x.map((x) => (between(x) && !own.has(x) ? undefined : (own.get(x) ?? null)));
      });
      return lines;
    };
  }

  protected whole(): Span | null {
    const spans = this.courses.map(spanOf).filter((span) => span !== null);
    if (spans.length === 0) return null;
    return {
      from: Math.min(...spans.map(({ from }) => from)),
      to: Math.max(...spans.map(({ to }) => to)),
    };
  }

  protected step_s(): number {
    return Math.max(0, ...this.courses.map((course) => course?.step_s ?? 0));
  }
}

/** The worst moment of some streams. */
export interface Worst {
  mos: number;
  /** When its step began, in milliseconds since the epoch. */
  at_ms: number;
  /** Which stream it was, by its place. */
  place: number;
}

/** Of fewer packets one that is lost says too much: such a step is the end of a stream, or a word in a silence. */
const LEAST_SENT = 20;

/** `null` where no step of enough packets has a MOS. Of equals the first. */
export function worstOf(courses: readonly (StreamCourse | null)[]): Worst | null {
  let worst: Worst | null = null;
  for (const [place, course] of courses.entries()) {
    const from_ms = course?.from_ms ?? null;
    if (course === null || from_ms === null) continue;
    for (const [nth, step] of course.steps.entries()) {
      const { mos } = step;
      if (mos === null || sentIn(step) < LEAST_SENT || (worst !== null && mos >= worst.mos)) continue;
      worst = { mos, at_ms: from_ms + nth * course.step_s * 1000, place };
    }
  }
  return worst;
}

/** How many packets were sent in a step, by those that came and the share that did not; copies count among them. */
function sentIn({ packets, lost_percentage }: StreamStep): number {
  const came = 1 - (lost_percentage ?? 0) / 100;
  return came === 0 ? Number.POSITIVE_INFINITY : packets / came;
}

function spanOf(course: StreamCourse | null): Span | null {
  return course === null ? null : stepsSpan(course.from_ms, course.step_s, course.steps);
}

/** The values of a stream by their seconds. One of a step is of its whole length: it stands in its middle. */
function pointsOf(
  course: StreamCourse | null,
  value: (step: StreamStep) => number | null,
): ReadonlyMap<number, number | null> {
  const from_ms = course?.from_ms ?? null;
  if (course === null || from_ms === null) return new Map();
  return new Map(
    course.steps.map((step, place) => [from_ms / 1000 + (place + 0.5) * course.step_s, value(step)]),
  );
}
