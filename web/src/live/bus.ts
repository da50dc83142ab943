/**
 * Draws what changed, once a frame.
 *
 * Numbers that change with every update do not go through React: a view registers a paint function, data marks topics
 * dirty, and one `requestAnimationFrame` paints the views that are dirty, visible and due.
 */

import type { Topic } from "../generated/Topic";

export interface Clockwork {
  requestFrame(paint: (now_ms: number) => void): number;
  hidden(): boolean;
}

interface View {
  topics: ReadonlySet<Topic>;
  paint: () => void;
  every_ms: number;
  painted_ms: number;
  dirty: boolean;
  visible: boolean;
}

export interface ViewOptions {
  /** The least time between two paints. */
  every_ms?: number;
  /** The view sleeps while this element is out of sight. */
  element?: Element | null;
}

export class FrameBus {
  private readonly views = new Set<View>();
  private scheduled = false;
  private held = false;

  constructor(private readonly clockwork: Clockwork) {}

  /** Registers a view and paints it at the next frame. Answers the function that removes it. */
  view(topics: readonly Topic[], paint: () => void, options: ViewOptions = {}): () => void {
    const view: View = {
      topics: new Set(topics),
      paint,
      every_ms: options.every_ms ?? 0,
      painted_ms: Number.NEGATIVE_INFINITY,
      dirty: true,
      visible: true,
    };
    this.views.add(view);
    const observer = this.watch(view, options.element ?? null);
    this.schedule();
    return () => {
      this.views.delete(view);
      observer?.disconnect();
    };
  }

  /** Says that a topic has something new. */
  mark(topic: Topic): void {
    if (this.held) return;
    for (const view of this.views) if (view.topics.has(topic)) view.dirty = true;
    this.schedule();
  }

  /** Says that everything is new: another session, another theme, the end of a pause. */
  markAll(): void {
    for (const view of this.views) view.dirty = true;
    this.schedule();
  }

  /** Stops reacting to new numbers, or goes on and shows all of them. */
  hold(held: boolean): void {
    this.held = held;
    if (!held) this.markAll();
  }

  /** Asks for a frame; called as well when the page comes back into sight. */
  schedule(): void {
    if (this.scheduled || this.clockwork.hidden()) return;
    this.scheduled = true;
    this.clockwork.requestFrame((now_ms) => this.frame(now_ms));
  }

  private frame(now_ms: number): void {
    this.scheduled = false;
    let waiting = false;
    for (const view of this.views) {
      if (!view.dirty || !view.visible) continue;
      if (now_ms - view.painted_ms < view.every_ms) {
        waiting = true;
        continue;
      }
      view.painted_ms = now_ms;
      view.dirty = false;
      view.paint();
    }
    if (waiting) this.schedule();
  }

  private watch(view: View, element: Element | null): IntersectionObserver | null {
    if (element === null || typeof IntersectionObserver === "undefined") return null;
    const observer = new IntersectionObserver(
      (entries) => {
        view.visible = entries.at(-1)?.isIntersecting ?? true;
        if (view.visible) this.schedule();
      },
      { rootMargin: "64px" },
    );
    observer.observe(element);
    return observer;
  }
}

export const bus = new FrameBus({
  requestFrame: (paint) => requestAnimationFrame(paint),
  hidden: () => document.hidden,
});

document.addEventListener("visibilitychange", () => bus.schedule());
