import { expect, it } from "vitest";
import { retryDelayMs } from "./backoff";

it("the_bound_doubles_up_to_ten_seconds", () => {
  // chance 1 gives the bound itself on top of the least wait of 100 ms.
  expect([0, 1, 2, 5, 6, 40].map((attempt) => retryDelayMs(attempt, 1))).toEqual([
    350, 600, 1_100, 8_100, 10_100, 10_100,
  ]);
});

it("full_jitter_may_come_back_almost_at_once", () => {
  expect(retryDelayMs(10, 0)).toBe(100);
});
