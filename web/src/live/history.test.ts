import { describe, expect, it } from "vitest";
import { point } from "./fixtures";
import { History } from "./history";

function history(...points: Parameters<typeof point>[]): History {
  const made = new History(100);
  for (const parts of points) made.push(point(...parts));
  return made;
}

describe("History", () => {
  it("seconds_left_out_inside_a_stretch_are_zero", () => {
    const seconds = history([10, { packets: 5 }], [13, { packets: 7 }]);
    expect(seconds.plot(["packets"], { from: 10, to: 13 }, 100)).toEqual({
      x: [10, 11, 12, 13],
      y: [[5, 0, 0, 7]],
      breaks: [],
    });
  });

  it("between_two_stretches_the_line_breaks", () => {
    const seconds = history([10, { packets: 5 }], [20, { packets: 7, stretch: 2 }]);
    expect(seconds.plot(["packets"], { from: 10, to: 20 }, 100)).toEqual({
      x: [10, 15, 20],
      y: [[5, null, 7]],
      breaks: [[10, 20]],
    });
  });

  it("silence_up_to_the_sessions_time_is_zero_and_after_it_nothing", () => {
    const seconds = history([10, { packets: 5 }]);
    const plot = seconds.plot(["packets"], { from: 10, to: 20 }, 100, 12);
    expect(plot.x).toEqual([10, 11, 12]);
    expect(plot.y).toEqual([[5, 0, 0]]);
  });

  it("a_window_of_nothing_but_silence_is_zero", () => {
    const seconds = history([10, { packets: 5 }]);
    const plot = seconds.plot(["packets"], { from: 50, to: 60 }, 100, 52);
    expect(plot.y).toEqual([[0, 0, 0]]);
  });

  it("a_stretch_that_began_earlier_fills_the_window_from_its_edge", () => {
    const seconds = history([10, { packets: 5 }], [18, { packets: 1 }]);
    const plot = seconds.plot(["packets"], { from: 16, to: 18 }, 100);
    expect(plot.x).toEqual([16, 17, 18]);
    expect(plot.y).toEqual([[0, 0, 1]]);
  });

  it("a_spike_survives_fewer_steps_than_seconds", () => {
    // 20 seconds of 1 packet but one of 100, in 5 steps of 4 seconds: least and greatest of each.
    const seconds = history(
      ...Array.from(
        { length: 20 },
        (_, index): Parameters<typeof point> => [index, { packets: index === 9 ? 100 : 1 }],
      ),
    );
    const plot = seconds.plot(["packets"], { from: 0, to: 19 }, 5);
    expect(plot.x).toHaveLength(10);
    expect(plot.y).toEqual([[1, 1, 1, 1, 1, 100, 1, 1, 1, 1]]);
  });

  it("the_oldest_second_makes_room", () => {
    const seconds = new History(3);
    for (const second of [1, 2, 3, 4]) seconds.push(point(second, { packets: second }));
    expect(seconds.span()).toEqual({ from: 2, to: 4 });
    expect(seconds.plot(["packets"], { from: 1, to: 4 }, 10).y).toEqual([[2, 3, 4]]);
  });

  it("a_second_sent_again_replaces_the_last_and_never_rewrites_the_past", () => {
    const seconds = history(
      [1, { packets: 1 }],
      [2, { packets: 2 }],
      [2, { packets: 3 }],
      [1, { packets: 9 }],
    );
    expect(seconds.length).toBe(2);
    expect(seconds.plot(["packets"], { from: 1, to: 2 }, 10).y).toEqual([[1, 3]]);
  });

  it("a_second_without_a_sample_is_unknown_and_not_a_delay_of_zero", () => {
    const seconds = history([10, { latency_ms: 20 }], [11, { packets: 3 }], [13, { latency_ms: 40 }]);
    expect(seconds.plot(["latency_ms"], { from: 10, to: 13 }, 100).y).toEqual([[20, null, null, 40]]);
    // The two steps are 10 and 11, 12 and 13: what is not known has no part in least and greatest.
    expect(seconds.plot(["latency_ms"], { from: 10, to: 13 }, 2).y).toEqual([[20, 20, 40, 40]]);
  });

  it("the_mean_of_a_step_counts_its_silent_seconds_but_not_those_without_a_sample", () => {
    const seconds = history([10, { packets: 6, latency_ms: 20 }], [13, { packets: 2, latency_ms: 40 }]);
    const plot = seconds.plot(["packets", "latency_ms"], { from: 10, to: 13 }, 1, null, "means");
    // Steps of four seconds begin at 8 and 12: 10 and 11 hold 6 packets, 12 and 13 hold 2.
    expect(plot.x).toEqual([10, 12]);
    expect(plot.y).toEqual([
      [3, 1],
      [20, 40],
    ]);
  });
});
