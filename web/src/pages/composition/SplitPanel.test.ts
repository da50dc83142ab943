// @vitest-environment jsdom

import { expect, it } from "vitest";
import { type Slice, shareOf } from "./SplitPanel";

function slice(packets: number, aside = false): Slice {
  return { label: "part", bytes: packets * 100, packets, color: "var(--accent)", aside };
}

it("what_belongs_to_none_of_the_parts_is_no_share_and_not_in_the_whole", () => {
  const [four, six, none] = [slice(30), slice(10), slice(60, true)];
  const all = [four, six, none];
  // 30 and 10 of the 40 packets that have IP; the other 60 have none.
  expect(all.map((part) => shareOf(part, all, "packets"))).toEqual([0.75, 0.25, null]);
});

it("a_share_of_nothing_is_unknown", () => {
  const nothing = [slice(0), slice(0)];
  expect(shareOf(slice(0), nothing, "bytes")).toBeNull();
});
