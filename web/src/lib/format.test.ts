import { describe, expect, it } from "vitest";
import {
  axisTick,
  bitRate,
  bitRateText,
  byteCountText,
  clockText,
  compactCount,
  count,
  dateAndUtc,
  delayText,
  durationText,
  elapsed,
  idText,
  localInput,
  mosText,
  packetRateText,
  packetTime,
  percentage,
  percentageText,
  pointTime,
  secondOfInput,
  share,
  timeOfDay,
  timeSpan,
  timeTick,
} from "./format";

describe("bit rate", () => {
  it("three_significant_digits_with_a_prefix", () => {
    expect(bitRate(20_312_345)).toEqual({ number: "20.3", unit: "Mb/s" });
    expect(bitRateText(1_234)).toBe("1.23 kb/s");
    expect(bitRateText(123_456_789)).toBe("123 Mb/s");
  });

  it("rounding_over_a_prefix_moves_to_the_next", () => {
    // 999,499 b/s is 999.499 kb/s and stays; 999,500 b/s would read 1000 kb/s.
    expect(bitRateText(999_499)).toBe("999 kb/s");
    expect(bitRateText(999_500)).toBe("1.00 Mb/s");
  });

  it("rounding_over_a_power_of_ten_keeps_three_digits", () => {
    expect(bitRateText(9_996)).toBe("10.0 kb/s");
    expect(bitRateText(99_960)).toBe("100 kb/s");
  });

  it("unknown_is_a_dash_and_zero_is_zero", () => {
    expect(bitRateText(null)).toBe("–");
    expect(bitRateText(Number.NaN)).toBe("–");
    expect(bitRateText(0)).toBe("0 b/s");
  });
});

describe("packet rate", () => {
  it("a_fraction_of_a_packet_is_not_rounded_to_nothing", () => {
    expect(packetRateText(0.25)).toBe("0.25 pkt/s");
    expect(packetRateText(5_424)).toBe("5.42 kpkt/s");
  });
});

describe("bytes", () => {
  it("whole_bytes_below_a_thousand", () => {
    expect(byteCountText(0)).toBe("0 B");
    expect(byteCountText(742)).toBe("742 B");
    expect(byteCountText(61_700_000)).toBe("61.7 MB");
  });
});

describe("count", () => {
  it("groups_digits", () => {
    expect(count(106_000)).toBe("106,000");
    expect(count(null)).toBe("–");
  });

  it("without_room_it_is_three_digits", () => {
    expect(compactCount(803)).toBe("803");
    expect(compactCount(47_628)).toBe("47.6k");
    expect(compactCount(null)).toBe("–");
  });
});

describe("share", () => {
  it("one_decimal_and_never_nothing_for_something", () => {
    expect(share(0.351)).toBe("35.1%");
    expect(share(0)).toBe("0.0%");
    expect(share(0.0001)).toBe("<0.1%");
    expect(share(Number.NaN)).toBe("–");
  });
});

describe("axis tick", () => {
  it("prefix_only_and_positive_on_both_sides", () => {
    expect(axisTick(75_000_000, 25_000_000, "b/s")).toBe("75M");
    expect(axisTick(-2_500_000, 2_500_000, "b/s")).toBe("2.5M");
    expect(axisTick(0, 10, "b/s")).toBe("0");
    // A tick that ends in zeros before the decimal point keeps them.
    expect(axisTick(500, 500, "b/s")).toBe("500");
    expect(axisTick(10_000, 5_000, "b/s")).toBe("10k");
    expect(axisTick(1_250, 250, "b/s")).toBe("1.25k");
  });

  it("the_step_says_how_many_digits", () => {
    expect([0.1, 0.075, 0.05, 0.025].map((tick) => axisTick(tick, 0.025, "ms"))).toEqual([
      "0.1",
      "0.075",
      "0.05",
      "0.025",
    ]);
    // 3 * 0.1 is not quite 0.3.
    expect(axisTick(3 * 0.1, 0.1, "b/s")).toBe("0.3");
    expect(axisTick(1_002.5, 2.5, "b/s")).toBe("1.0025k");
  });

  it("an_axis_in_ms_or_per_cent_takes_no_prefix", () => {
    expect(axisTick(1_500, 500, "ms")).toBe("1500");
    expect(axisTick(75, 25, "%")).toBe("75");
  });
});

describe("time", () => {
  it("elapsed_counts_days_apart", () => {
    expect(elapsed(862.9)).toBe("00:14:22");
    expect(elapsed(86_400 + 3_661)).toBe("1 d 01:01:01");
    expect(elapsed(null)).toBe("–");
  });

  it("time_of_day_is_local_and_the_long_form_adds_utc", () => {
    const noon = new Date(2026, 2, 1, 12, 3, 4, 56).getTime();
    expect(timeOfDay(noon)).toBe("12:03:04");
    expect(packetTime(noon)).toBe("12:03:04.056");
    expect(dateAndUtc(noon)).toBe(`2026-03-01 12:03:04.056 local, ${new Date(noon).toISOString()}`);
  });

  it("a_field_for_date_and_time_is_read_as_it_was_written", () => {
    const second = new Date(2026, 2, 1, 12, 3, 4).getTime() / 1000;
    expect(localInput(second)).toBe("2026-03-01T12:03:04");
    expect(secondOfInput(localInput(second))).toBe(second);
    expect(secondOfInput("")).toBeNull();
    expect(localInput(null)).toBe("");
  });

  it("a_span_names_its_days_where_they_are_not_today", () => {
    const at = (day: number, hour: number) => new Date(2026, 2, day, hour).getTime();
    expect(timeSpan(at(1, 12), at(1, 13), at(1, 20))).toBe("12:00:00 – 13:00:00");
    expect(timeSpan(at(1, 12), at(1, 13), at(2, 20))).toBe("2026-03-01 12:00:00 – 13:00:00");
    expect(timeSpan(at(1, 12), at(2, 13), at(2, 20))).toBe("2026-03-01 12:00:00 – 2026-03-02 13:00:00");
  });

  it("between_two_seconds_a_point_has_milliseconds", () => {
    const second = new Date(2026, 2, 1, 12).getTime();
    expect(pointTime(second)).toBe("12:00:00");
    expect(pointTime(second + 250.2)).toBe("12:00:00.250");
    expect(timeTick(second + 500)).toBe("12:00:00.500");
    expect(pointTime(null)).toBe("–");
  });

  it("an_axis_names_the_day_at_midnight", () => {
    expect(timeTick(new Date(2026, 2, 1, 12).getTime())).toBe("12:00:00");
    expect(timeTick(new Date(2026, 2, 2).getTime())).toBe("Mar 2");
  });
});

describe("delay", () => {
  it("the_unit_suits_the_size", () => {
    expect(delayText(24.23)).toBe("24.2 ms");
    expect(delayText(0.31)).toBe("310 µs");
    expect(delayText(1_250)).toBe("1.25 s");
    expect(delayText(0)).toBe("0.00 ms");
    expect(delayText(null)).toBe("–");
  });

  it("rounding_up_to_the_next_unit_changes_it", () => {
    // 0.9994 ms is 999 µs; 0.9996 ms would read 1000 µs. 999.4 ms stays; 999.6 ms would read 1000 ms.
    expect(delayText(0.9994)).toBe("999 µs");
    expect(delayText(0.9996)).toBe("1.00 ms");
    expect(delayText(999.4)).toBe("999 ms");
    expect(delayText(999.6)).toBe("1.00 s");
  });

  it("what_lasts_long_reads_as_a_clock", () => {
    expect(durationText(0.0182)).toBe("18.2 ms");
    expect(durationText(14.34)).toBe("14.3 s");
    expect(durationText(133)).toBe("2 min 13 s");
    // 3 h 5 min is 11,100 s; 2 d 1 h is 176,400 s.
    expect(durationText(11_159)).toBe("3 h 5 min");
    expect(durationText(176_400)).toBe("2 d 1 h");
    expect(durationText(null)).toBe("–");
  });
});

describe("percentage", () => {
  it("two_decimals_where_it_is_small", () => {
    expect(percentage(0.35)).toEqual({ number: "0.35", unit: "%" });
    expect(percentageText(9.996)).toBe("10.0 %");
    expect(percentageText(50)).toBe("50.0 %");
  });

  it("something_is_never_shown_as_nothing", () => {
    expect(percentageText(0.001)).toBe("<0.01 %");
    expect(percentageText(0)).toBe("0 %");
    expect(percentageText(null)).toBe("–");
  });
});

describe("media", () => {
  it("a_score_has_two_decimals_and_an_unknown_one_a_dash", () => {
    expect(mosText(4.409)).toBe("4.41");
    expect(mosText(1)).toBe("1.00");
    expect(mosText(null)).toBe("–");
  });

  it("a_clock_keeps_all_its_digits", () => {
    expect(clockText(8_000)).toBe("8 kHz");
    expect(clockText(11_025)).toBe("11.025 kHz");
    expect(clockText(null)).toBe("–");
  });

  it("a_source_is_eight_hexadecimal_digits", () => {
    expect(idText(0xa1b2c3d)).toBe("0x0a1b2c3d");
    expect(idText(0xffffffff)).toBe("0xffffffff");
  });
});
