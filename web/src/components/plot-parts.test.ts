// @vitest-environment jsdom

import type uPlot from "uplot";
import { expect, it } from "vitest";
import { lonePoints, stacked, valueAt } from "./plot-parts";

it("each_line_stands_on_those_before_it_and_an_unknown_part_leaves_the_sum_unknown", () => {
  expect(
    stacked([
      [1, 2, 3],
      [10, null, 0],
      [100, 100, 100],
    ]),
  ).toEqual([
    [1, 2, 3],
    [11, null, 3],
    [111, null, 103],
  ]);
});

/** The places in a line of these values that are drawn as points. */
function pointsOf(values: (number | null | undefined)[]): unknown {
  const plot = {
    data: [values.map((_, second) => second), values],
    series: [{ idxs: [0, values.length - 1] }],
  };
  const { filter } = lonePoints({ label: "In", color: "--in" });
  return typeof filter === "function" ? filter(plot as unknown as uPlot, 1, true) : filter;
}

it("a_value_without_a_neighbour_is_a_point_and_those_of_a_line_are_none", () => {
  expect(pointsOf([7])).toEqual([0]);
  expect(pointsOf([1, 2, null, 5, null])).toEqual([3]);
});

it("where_another_line_alone_has_a_point_a_line_goes_on", () => {
  expect(pointsOf([1, undefined, 2, undefined])).toEqual([]);
  expect(pointsOf([null, undefined, 2, undefined, null])).toEqual([2]);
  const values = [null, undefined, 4, undefined, undefined];
  expect(values.map((_, index) => valueAt(values, index))).toEqual([null, null, 4, 4, 4]);
});
