import { describe, expect, it, vi } from "vitest";
import type { History } from "../generated/History";
import type { HistoryRates } from "../generated/HistoryRates";
import { Archive, joined, readerOf } from "./archive";
import { bucketPlot } from "./buckets";

function rates(packets_per_second: number): HistoryRates {
  return {
    inbound_bps: 0,
    outbound_bps: 0,
    internal_bps: 0,
    transit_bps: 0,
    goodput_bps: 0,
    packets_per_second,
    ipv4_bps: 0,
    ipv6_bps: 0,
    encrypted_bps: 0,
    data_segments: 0,
    resent_segments: 0,
    latency_ms: null,
    rtt_p50_ms: null,
    rtt_p95_ms: null,
    dns_latency_ms: null,
    jitter_ms: null,
    rtp_expected: 0,
    rtp_lost: 0,
    protocols: {},
  };
}

function bucket(second: number, mean: number, max: number, stretch = 1) {
  return { second, stretch, mean: rates(mean), max: rates(max) };
}

function answer(parts: Partial<History> = {}): History {
  return { session: 1, earliest: 100, latest: 9_000, step_s: 10, buckets: [], ...parts };
}

const PACKETS = [readerOf("packets")];

const WHOLE = { from: 0, to: 10_000 };

describe("bucketPlot", () => {
  it("a_bucket_is_its_mean_and_its_largest_second", () => {
    const plot = bucketPlot(answer({ buckets: [bucket(100, 2, 9)] }), PACKETS, WHOLE);
    expect([plot.x, plot.y]).toEqual([[100, 105], [[2, 9]]]);
  });

  it("a_table_takes_the_means_alone", () => {
    const plot = bucketPlot(answer({ buckets: [bucket(100, 2, 9)] }), PACKETS, WHOLE, "means");
    expect([plot.x, plot.y]).toEqual([[100], [[2]]]);
  });

  it("a_missing_bucket_inside_a_stretch_is_silence", () => {
    const plot = bucketPlot(answer({ buckets: [bucket(100, 2, 9), bucket(130, 3, 4)] }), PACKETS, WHOLE);
    // From the end of the first bucket at 110 to the second before the next one.
    expect([plot.x, plot.y]).toEqual([[100, 105, 110, 129, 130, 135], [[2, 9, 0, 0, 3, 4]]]);
  });

  it("between_two_stretches_the_line_breaks", () => {
    const plot = bucketPlot(answer({ buckets: [bucket(100, 2, 9), bucket(200, 3, 4, 2)] }), PACKETS, WHOLE);
    expect([plot.x, plot.y]).toEqual([[100, 105, 155, 200, 205], [[2, 9, null, 3, 4]]]);
    expect(plot.breaks).toEqual([[110, 200]]);
  });

  it("what_is_outside_the_span_is_left_out", () => {
    const buckets = [bucket(90, 1, 1), bucket(100, 2, 2), bucket(110, 3, 3)];
    expect(bucketPlot(answer({ buckets }), PACKETS, { from: 100, to: 109 }).x).toEqual([100, 105]);
  });

  it("a_stretch_that_began_before_the_window_fills_it_from_its_edge", () => {
    const buckets = [bucket(90, 1, 1), bucket(130, 3, 3)];
    const plot = bucketPlot(answer({ buckets }), PACKETS, { from: 110, to: 139 }, "means");
    expect([plot.x, plot.y]).toEqual([[110, 129, 130], [[0, 0, 3]]]);
  });

  it("silence_leaves_a_delay_unknown", () => {
    const delayed = (second: number, latency_ms: number) => ({
      ...bucket(second, 1, 1),
      mean: { ...rates(1), latency_ms },
    });
    const buckets = [delayed(100, 7), delayed(120, 9)];
    const plot = bucketPlot(answer({ buckets }), [readerOf("latency_ms")], WHOLE, "means");
    expect([plot.x, plot.y]).toEqual([[100, 110, 119, 120], [[7, null, null, 9]]]);
  });
});

it("the_pages_seconds_follow_and_another_stretch_is_a_break", () => {
  const early = () => bucketPlot(answer({ buckets: [bucket(100, 2, 9)] }), PACKETS, WHOLE);
  const late = { x: [110, 111], y: [[5, 6]], breaks: [] };
  expect(joined(early(), late, 1).y).toEqual([[2, 9, 5, 6]]);
  expect(joined(early(), late, 2)).toMatchObject({ y: [[2, 9, null, 5, 6]], breaks: [[105, 110]] });
});

/** Lets every answer that is on its way arrive. */
async function settled(): Promise<void> {
  await new Promise((done) => setTimeout(done, 0));
}

describe("Archive", () => {
  function archive() {
    const get = vi.fn(async (_address: string): Promise<unknown> => answer({ buckets: [bucket(100, 2, 9)] }));
    const changed = vi.fn();
    return { get, changed, made: new Archive(get, changed) };
  }

  it("one_answer_serves_a_window_that_moves_a_little", async () => {
    const { get, made } = archive();
    made.begin(1);
    await settled();
    made.plot(["packets"], { from: 1_000, to: 2_000 });
    await settled();
    // A quarter more at both ends.
    expect(get).toHaveBeenLastCalledWith("/api/v1/metrics/history?from=750&to=2250&points=1000");
    made.plot(["packets"], { from: 1_100, to: 2_100 });
    await settled();
    expect(get).toHaveBeenCalledTimes(2);
  });

  it("a_closer_look_asks_for_a_finer_answer", async () => {
    const { get, made } = archive();
    made.begin(1);
    await settled();
    made.plot(["packets"], { from: 1_000, to: 2_000 });
    await settled();
    made.plot(["packets"], { from: 1_400, to: 1_500 });
    await settled();
    expect(get).toHaveBeenCalledTimes(3);
  });

  it("a_session_watched_from_its_first_packet_goes_back_to_it", async () => {
    const { get, made } = archive();
    made.beganWith(500);
    expect(made.earliest).toBeNull();
    get.mockResolvedValueOnce(answer({ earliest: null, latest: null }));
    made.begin(1);
    await settled();
    made.beganWith(500);
    made.beganWith(9_000);
    expect(made.earliest).toBe(500);
  });

  it("an_answer_about_another_session_or_of_another_shape_is_dropped", async () => {
    const { get, changed, made } = archive();
    get.mockResolvedValueOnce(answer({ session: 7 }));
    made.begin(1);
    await settled();
    expect(made.earliest).toBeNull();
    get.mockResolvedValueOnce({ session: 1, buckets: "none" });
    made.begin(1);
    await settled();
    expect(changed).not.toHaveBeenCalled();
  });
});
