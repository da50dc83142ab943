import { expect, it } from "vitest";
import { stacked } from "./plot-parts";

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
