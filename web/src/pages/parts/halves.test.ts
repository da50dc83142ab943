import { expect, it } from "vitest";
import { onlyHalves } from "./halves";

function measured(all: number, far: number) {
  return { tcp: { rtt_ms: { samples: all }, rtt_far_ms: { samples: far } } };
}

it("round_trips_without_a_far_side_are_halves", () => {
  expect(onlyHalves(measured(8, 0))).toBe(true);
});

it("with_a_far_side_and_without_any_sample_there_are_no_halves", () => {
  expect(onlyHalves(measured(8, 3))).toBe(false);
  expect(onlyHalves(measured(0, 0))).toBe(false);
  expect(onlyHalves(null)).toBe(false);
});
