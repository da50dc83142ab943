import { describe, expect, it } from "vitest";
import { between, moved, type Range, rangeOf, scaled, searchOf, shortLength, spanOf } from "./range";

describe("a range in an address", () => {
  it("is_read_as_it_was_written", () => {
    const ranges: Range[] = [
      { kind: "following", seconds: 300 },
      { kind: "following", seconds: 90 },
      { kind: "following", seconds: 86_400 },
      { kind: "whole" },
      // 2026-03-01T12:00:00Z and a minute later.
      { kind: "between", from: 1_772_366_400, to: 1_772_366_460 },
    ];
    for (const range of ranges) expect(rangeOf(searchOf(range))).toEqual(range);
    expect(searchOf(ranges[0] ?? null)).toEqual({ from: "now-5m", to: "now" });
    expect(searchOf(ranges[4] ?? null)).toEqual({ from: "2026-03-01T12:00:00Z", to: "2026-03-01T12:01:00Z" });
    expect(searchOf(null)).toEqual({});
  });

  it("may_name_a_zone", () => {
    expect(rangeOf({ from: "2026-03-01T13:00+01:00", to: "2026-03-01T12:01:00.500Z" })).toEqual({
      kind: "between",
      from: 1_772_366_400,
      to: 1_772_366_460,
    });
  });

  it("that_cannot_be_read_is_none", () => {
    for (const from of [
      "",
      "now-",
      "now-5",
      "now-5y",
      "now-0s",
      "now-99d",
      "5m",
      "yesterday",
      "2026-03-01",
    ]) {
      expect(rangeOf({ from, to: "now" })).toBeNull();
    }
    expect(rangeOf({})).toBeNull();
    expect(rangeOf({ to: "now" })).toBeNull();
    // The end comes before the beginning.
    expect(rangeOf({ from: "2026-03-01T12:01:00Z", to: "2026-03-01T12:00:00Z" })).toBeNull();
  });

  it("a_length_is_in_its_largest_whole_unit", () => {
    expect([60, 90, 3_600, 86_400].map(shortLength)).toEqual(["1m", "90s", "1h", "1d"]);
  });
});

describe("the span of a range", () => {
  const held = { from: 1_000, to: 2_000 };

  it("that_follows_ends_at_this_moment", () => {
    expect(spanOf({ kind: "following", seconds: 300 }, held, 2_000)).toEqual({ from: 1_701, to: 2_000 });
  });

  it("of_a_young_session_begins_with_it_but_is_half_a_minute_at_least", () => {
    expect(spanOf({ kind: "following", seconds: 300 }, { from: 1_900, to: 2_000 }, 2_000)).toEqual({
      from: 1_900,
      to: 2_000,
    });
    expect(spanOf({ kind: "following", seconds: 300 }, { from: 1_990, to: 2_000 }, 2_000)).toEqual({
      from: 1_971,
      to: 2_000,
    });
  });

  it("of_everything_is_what_is_held_and_a_fixed_one_is_itself", () => {
    expect(spanOf({ kind: "whole" }, held, 1_999)).toEqual(held);
    expect(spanOf({ kind: "between", from: 5, to: 9 }, held, 2_000)).toEqual({ from: 5, to: 9 });
  });
});

describe("changing a span", () => {
  it("two_moments_are_whole_seconds_and_apart", () => {
    expect(between(10.7, 20.2)).toEqual({ kind: "between", from: 10, to: 21 });
    expect(between(20, 10)).toEqual({ kind: "between", from: 10, to: 20 });
    // One second becomes five: two before, two after.
    expect(between(100, 101)).toEqual({ kind: "between", from: 98, to: 103 });
  });

  it("moves_no_farther_than_there_is_something_and_keeps_its_length", () => {
    const limits = { from: 0, to: 100 };
    expect(moved({ from: 50, to: 60 }, 20, limits)).toEqual({ from: 70, to: 80 });
    expect(moved({ from: 50, to: 60 }, 500, limits)).toEqual({ from: 90, to: 100 });
    expect(moved({ from: 50, to: 60 }, -500, limits)).toEqual({ from: 0, to: 10 });
    // A window longer than what is held stays where it is.
    expect(moved({ from: -50, to: 150 }, 30, limits)).toEqual({ from: -50, to: 150 });
  });

  it("scales_around_its_middle", () => {
    expect(scaled({ from: 40, to: 60 }, 0.5)).toEqual({ from: 45, to: 55 });
    expect(scaled({ from: 40, to: 60 }, 2)).toEqual({ from: 30, to: 70 });
  });
});
