// @vitest-environment jsdom

import { beforeEach, expect, it, vi } from "vitest";
import type { SourceKind } from "../generated/SourceKind";
import { initialState, point, status, totals } from "../live/fixtures";
import { receive, resume, useSession } from "../live/session";
import {
  backToLive,
  panBy,
  rangeArrived,
  rangeGoes,
  setRange,
  shownSpan,
  step,
  zoomBack,
  zoomTo,
} from "./store";

const went = vi.fn();

/** A capture that measured the seconds from 1,000 to 2,000. */
function begin(kind: SourceKind = "interface", state: "running" | "finished" = "running") {
  const source = { kind, name: "eth0", progress_percentage: null };
  receive({
    type: "initial_state",
    ...initialState({
      status: status({ state, session: 1, source }),
      history: [point(1_000), point(2_000)],
      totals: totals({ now_ms: 2_001_000 }),
    }),
  });
}

beforeEach(() => {
  resume();
  rangeGoes(went);
  rangeArrived(null);
  went.mockClear();
  begin();
});

function isPaused(): boolean {
  return useSession.getState().pausedAtPackets !== null;
}

it("where_nobody_chose_what_goes_on_shows_minutes_and_a_file_everything", () => {
  expect(shownSpan()).toEqual({ from: 1_701, to: 2_000 });
  begin("demo");
  expect(shownSpan()).toEqual({ from: 1_701, to: 2_000 });
  begin("file", "finished");
  expect(shownSpan()).toEqual({ from: 1_000, to: 2_000 });
});

it("a_zoom_pauses_the_view_and_stands_in_the_address", () => {
  zoomTo(1_800.4, 1_900);
  expect(isPaused()).toBe(true);
  expect(went).toHaveBeenLastCalledWith({ kind: "between", from: 1_800, to: 1_900 }, "push");
  zoomBack();
  expect(isPaused()).toBe(false);
  expect(went).toHaveBeenLastCalledWith(null, "push");
});

it("a_pause_alone_keeps_the_range_where_it_is", () => {
  setRange({ kind: "following", seconds: 60 });
  expect(shownSpan()).toEqual({ from: 1_941, to: 2_000 });
  zoomTo(1_950, 1_970);
  backToLive();
  expect(isPaused()).toBe(false);
  expect(shownSpan()).toEqual({ from: 1_941, to: 2_000 });
});

it("nothing_is_paused_where_nothing_comes_in", () => {
  begin("file", "finished");
  zoomTo(1_100, 1_200);
  expect(isPaused()).toBe(false);
});

it("a_step_is_half_a_window_and_does_not_leave_the_capture", () => {
  zoomTo(1_800, 1_900);
  step(-1);
  expect(shownSpan()).toEqual({ from: 1_750, to: 1_850 });
  expect(went).toHaveBeenLastCalledWith({ kind: "between", from: 1_750, to: 1_850 }, "replace");
  for (let times = 0; times < 40; times += 1) step(-1);
  expect(shownSpan()).toEqual({ from: 1_000, to: 1_100 });
});

it("the_address_hears_of_a_drag_when_it_is_done", () => {
  zoomTo(1_800, 1_900);
  went.mockClear();
  panBy(-10, false);
  expect(shownSpan()).toEqual({ from: 1_790, to: 1_890 });
  expect(went).not.toHaveBeenCalled();
  panBy(0, true);
  expect(went).toHaveBeenCalledTimes(1);
});

it("an_address_with_two_moments_pauses_a_running_capture", () => {
  rangeArrived({ kind: "between", from: 1_100, to: 1_200 });
  expect(isPaused()).toBe(true);
});
