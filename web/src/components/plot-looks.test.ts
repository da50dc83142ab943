// @vitest-environment jsdom

import { expect, it, vi } from "vitest";
import { yRange } from "./plot-looks";

// Only numbers are asked for.
vi.mock("uplot", () => ({ default: class {} }));

it("values_stand_on_zero_with_room_above_them", () => {
  // A line of 100 leaves 12 % above it.
  expect(yRange(50, 100)[0]).toBe(0);
  expect(yRange(50, 100)[1]).toBeCloseTo(112);
  expect(yRange(0, 0)).toEqual([0, 1]);
});

it("a_measure_with_a_scale_of_its_own_is_drawn_on_all_of_it_whatever_the_values", () => {
  expect(yRange(2.2, 4.4, [1, 4.5])).toEqual([1, 4.5]);
});
