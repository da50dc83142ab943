import { expect, it } from "vitest";
import { leastMos, mosBand } from "./mos";

it("a_band_begins_with_its_own_number", () => {
  expect([4.41, 4, 3.99, 3.6, 3.59, 3.1, 3.09, 1].map(mosBand)).toEqual([
    "good",
    "good",
    "fair",
    "fair",
    "poor",
    "poor",
    "bad",
    "bad",
  ]);
});

it("streams_without_a_score_do_not_count", () => {
  expect(leastMos([{ mos: 4.1 }, { mos: null }, { mos: 3.2 }])).toBe(3.2);
  expect(leastMos([{ mos: null }])).toBeNull();
});
