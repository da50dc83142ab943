/**
 * The range on the screen, and every way to change it.
 *
 * The address is the truth (`address.ts` keeps both the same), so that a link, the back button and a reload show the
 * same stretch of time. A range between two moments pauses the view of a running capture; one that follows resumes it.
 */

import { create } from "zustand";
import { bus } from "../live/bus";
import { lastSecond } from "../live/clock";
import { measured } from "../live/measured";
import { pause, resume, useSession } from "../live/session";
import { between, DEFAULT_LIVE, moved, type Range, type Span, scaled, spanOf } from "./range";
import * as zoom from "./zoom";

export const useRange = create<zoom.Zoom & { pickerOpen: boolean }>(() => ({
  ...zoom.NO_ZOOM,
  pickerOpen: false,
}));

type Go = (range: Range | null, how: "push" | "replace") => void;

let go: Go = () => {};

/** Says how the address is changed; answers what ends that. */
export function rangeGoes(by: Go): () => void {
  go = by;
  return () => {
    go = () => {};
  };
}

/** Takes in what the address says. */
export function rangeArrived(range: Range | null): void {
  useRange.setState((state) => zoom.arrived(state, range));
  followOrPause();
  bus.markAll();
}

/** A range that stands pauses a running capture's view. Called again when one starts to run. */
export function followOrPause(): void {
  if (isFixed() && useSession.getState().status?.state === "running") pause();
}

export function isFixed(): boolean {
  return useRange.getState().range?.kind === "between";
}

/** What is shown where nobody chose: all of a file, the newest minutes of a capture. */
export function effectiveRange(): Range {
  const { range } = useRange.getState();
  if (range !== null) return range;
  return useSession.getState().status?.source?.kind === "file" ? { kind: "whole" } : DEFAULT_LIVE;
}

/** The seconds on the screen; `null` before the first packet. */
export function shownSpan(): Span | null {
  const held = measured();
  const now = lastSecond();
  return held === null || now === null ? null : spanOf(effectiveRange(), held, now);
}

/** Chooses a range; the way back from zooms before it ends. */
export function setRange(range: Range | null): void {
  take({ range, earlier: [] }, "push");
  if (range?.kind !== "between") resume();
}

/** Looks closer at what was dragged over. */
export function zoomTo(from: number, to: number): void {
  take(zoom.zoomed(useRange.getState(), between(from, to)), "push");
}

/** Makes the window longer (above 1) or shorter around its middle. */
export function zoomBy(factor: number): void {
  const span = shownSpan();
  if (span === null) return;
  const { from, to } = scaled(span, factor);
  zoomTo(from, to);
}

export function zoomBack(): void {
  const state = useRange.getState();
  if (state.earlier.length === 0) return;
  take(zoom.back(state), "push");
  if (!isFixed()) resume();
}

/** Back to the newest numbers: no zoom and no pause. */
export function backToLive(): void {
  const state = useRange.getState();
  if (state.earlier.length > 0 || state.range?.kind === "between") take(zoom.cleared(state), "push");
  resume();
}

/** Moves the window by half its length, backwards or forwards. */
export function step(direction: -1 | 1): void {
  const span = shownSpan();
  if (span !== null) panBy((direction * (span.to - span.from)) / 2);
}

/** Moves the window by `seconds`, as far as there is something. The address hears of it when the move is `done`. */
export function panBy(seconds: number, done = true): void {
  const span = shownSpan();
  const held = measured();
  if (span === null || held === null) return;
  const to = moved(span, seconds, { from: held.from, to: Math.max(held.to, lastSecond() ?? held.to) });
  if (to.from === span.from && !done) return;
  take(zoom.panned(useRange.getState(), between(to.from, to.to)), done ? "replace" : null);
}

export function setPickerOpen(pickerOpen: boolean): void {
  useRange.setState({ pickerOpen });
}

function take(next: zoom.Zoom, how: "push" | "replace" | null): void {
  useRange.setState(next);
  followOrPause();
  bus.markAll();
  if (how !== null) go(next.range, how);
}
