// @vitest-environment jsdom

import { beforeEach, expect, it } from "vitest";
import { drawable, heldSpan, lastSecond, lookingUntil } from "./clock";
import { initialState, point, status, totals } from "./fixtures";
import { receive, resume } from "./session";

const source = { kind: "demo" as const, name: "demo", progress_percentage: null };

function measuredUntil(now_ms: number): void {
  const running = status({ state: "running", session: 1, source });
  const history = [point(1_000), point(1_001)];
  receive({
    type: "initial_state",
    ...initialState({ status: running, history, totals: totals({ now_ms }) }),
  });
}

beforeEach(() => resume());

it("a_second_that_may_still_get_packets_is_not_silent", () => {
  // The second 1,002 ends at 1,003 and is counted a tenth later.
  measuredUntil(1_003_050);
  expect(lookingUntil(2_000)).toBe(1_001);
  measuredUntil(1_003_100);
  expect(lookingUntil(2_000)).toBe(1_002);
});

it("silence_goes_on_with_the_clock_of_whoever_measures", () => {
  measuredUntil(1_060_500);
  expect(lastSecond()).toBe(1_059);
});

/** A session that is over: a packet in each of these seconds, the last of them at `now_ms`. */
function ended(seconds: number[], now_ms: number): void {
  const finished = status({ state: "finished", session: 1, source });
  const history = seconds.map((second) => point(second));
  receive({
    type: "initial_state",
    ...initialState({ status: finished, history, totals: totals({ now_ms }) }),
  });
}

it("the_second_in_which_a_session_ended_is_not_drawn", () => {
  // 1,003 was measured for 460 of its 1,000 ms.
  ended([1_000, 1_001, 1_002, 1_003], 1_003_460);
  expect(heldSpan()).toEqual({ from: 1_000, to: 1_002 });
  expect(lastSecond()).toBe(1_002);
  expect(drawable({ from: 1_001, to: 1_010 })).toEqual({ from: 1_001, to: 1_002 });
  expect(drawable({ from: 990, to: 1_001 })).toEqual({ from: 990, to: 1_001 });
});

it("a_session_that_ended_with_its_last_second_keeps_it", () => {
  ended([1_000, 1_001, 1_002, 1_003], 1_004_000);
  expect(heldSpan()).toEqual({ from: 1_000, to: 1_003 });
});

it("a_session_without_a_whole_second_shows_its_parts", () => {
  ended([1_000, 1_001], 1_001_460);
  expect(heldSpan()).toEqual({ from: 1_000, to: 1_001 });
  expect(lastSecond()).toBe(1_001);
});
