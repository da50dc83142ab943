/** Charts of something that has its own time, such as one flow: zoomed and moved together, as those of a page are. */

import type { ChartEvents } from "../../components/TimeChart";

export interface Span {
  from: number;
  to: number;
}

/** Zooming in stops here: fewer steps make no line. */
const LEAST_STEPS = 3;

export abstract class ZoomedCharts {
  private readonly zooms: Span[] = [];
  private readonly paints = new Set<() => void>();

  /** All of its time, in seconds; `null` where there is none. */
  protected abstract whole(): Span | null;

  /** How long a step is, in seconds. */
  protected abstract step_s(): number;

  /** What is looked at: all of it, or what was zoomed in on. */
  protected span(): Span | null {
    return this.zooms.at(-1) ?? this.whole();
  }

  readonly subscribe = (paint: () => void): (() => void) => {
    this.paints.add(paint);
    return () => {
      this.paints.delete(paint);
    };
  };

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
      const span = this.span();
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

  protected paint(): void {
    for (const paint of this.paints) paint();
  }

  private zoomTo({ from, to }: Span): void {
    const whole = this.whole();
    if (whole === null || to - from < LEAST_STEPS * this.step_s()) return;
    const inside = { from: Math.max(whole.from, from), to: Math.min(whole.to, to) };
    if (inside.from === whole.from && inside.to === whole.to) this.zooms.length = 0;
    else if (inside.to > inside.from) this.zooms.push(inside);
    this.paint();
  }
}

/** From the beginning of the first step to the end of the last; `null` without any. */
export function stepsSpan(from_ms: number | null, step_s: number, steps: readonly unknown[]): Span | null {
  if (from_ms === null || steps.length === 0) return null;
  const from = from_ms / 1000;
  return { from, to: from + steps.length * step_s };
}
