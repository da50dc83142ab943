// @vitest-environment jsdom

import { beforeEach, expect, it } from "vitest";
import { lastSecond, lookingUntil } from "./clock";
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
