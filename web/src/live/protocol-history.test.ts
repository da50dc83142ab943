import { describe, expect, it, vi } from "vitest";
import type { History } from "../generated/History";
import type { HistoryRates } from "../generated/HistoryRates";
import { ProtocolHistory } from "./protocol-history";

function bucket(second: number, packets_per_second: number | null) {
  const of = { inbound_bps: 0, outward_bps: 0 };
  const rates: HistoryRates = {
    inbound_bps: 0,
    outbound_bps: 0,
    internal_bps: 0,
    transit_bps: 0,
    goodput_bps: 0,
    packets_per_second: 9,
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
    protocols: packets_per_second === null ? {} : { DNS: { ...of, packets_per_second } },
  };
  return { second, stretch: 1, mean: rates, max: rates };
}

function answer(parts: Partial<History> = {}): History {
  return { session: 1, earliest: 100, latest: 400, step_s: 1, buckets: [], ...parts };
}

const DNS = [{ protocol: "DNS", rate: "packets_per_second" }] as const;

function wish(from: number, to: number, protocols = "DNS") {
  return { session: 1, protocols, span: { from, to } };
}

/** Lets every answer that is on its way arrive. */
async function settled(): Promise<void> {
  await new Promise((done) => setTimeout(done, 0));
}

function made() {
  const clock = { now_ms: 0 };
  const get = vi.fn(async (_address: string): Promise<unknown> => answer());
  const histories = new ProtocolHistory(get, vi.fn(), () => clock.now_ms);
  const plot = async (...of: Parameters<typeof wish>) => {
    histories.plot(wish(...of), DNS, null, "extremes");
    await settled();
    return histories.plot(wish(...of), DNS, null, "extremes");
  };
  return { clock, get, plot };
}

describe("ProtocolHistory", () => {
  it("a_second_without_the_protocol_is_zero_also_where_others_spoke", async () => {
    const { get, plot } = made();
    get.mockResolvedValueOnce(answer({ buckets: [bucket(100, 4), bucket(101, null), bucket(103, 2)] }));
    expect(await plot(100, 103)).toMatchObject({ x: [100, 101, 102, 103], y: [[4, 0, 0, 2]] });
    expect(get).toHaveBeenLastCalledWith("/api/v1/metrics/history?from=100&to=103&points=1000&protocols=DNS");
  });

  it("what_came_since_is_asked_for_once_a_second_and_replaces_what_may_not_have_been_over", async () => {
    const { clock, get, plot } = made();
    get.mockResolvedValueOnce(answer({ buckets: [bucket(100, 4), bucket(109, 1)] }));
    await plot(100, 109);
    await plot(100, 110);
    expect(get).toHaveBeenCalledTimes(1);
    clock.now_ms = 1_000;
    // Covered up to 110; three seconds of that are asked for again: 107 to 110 in four buckets.
    get.mockResolvedValueOnce(answer({ buckets: [bucket(109, 5), bucket(110, 7)] }));
    const plotted = await plot(100, 110);
    expect(get).toHaveBeenLastCalledWith("/api/v1/metrics/history?from=107&to=110&points=4&protocols=DNS");
    expect(plotted?.y).toEqual([[4, 0, 0, 5, 7]]);
    expect(plotted?.x).toEqual([100, 101, 108, 109, 110]);
  });

  it("with_coarse_buckets_only_whole_ones_are_asked_for", async () => {
    const { clock, get, plot } = made();
    get.mockResolvedValueOnce(answer({ step_s: 10, buckets: [bucket(100, 4)] }));
    await plot(100, 10_104);
    clock.now_ms = 1_000;
    await plot(100, 10_108);
    expect(get).toHaveBeenCalledTimes(1);
    // Covered up to 10,100; with 10,109 the bucket from there on is whole.
    await plot(100, 10_109);
    expect(get).toHaveBeenLastCalledWith(
      "/api/v1/metrics/history?from=10070&to=10109&points=4&protocols=DNS",
    );
  });

  it("other_protocols_are_asked_for_at_once_and_a_refusal_not_again_for_a_while", async () => {
    const { clock, get, plot } = made();
    await plot(100, 109);
    get.mockRejectedValueOnce(new Error("503"));
    expect(await plot(100, 109, "TCP")).toBeNull();
    clock.now_ms = 4_000;
    await plot(100, 109, "TCP");
    expect(get).toHaveBeenCalledTimes(2);
    clock.now_ms = 5_000;
    await plot(100, 109, "TCP");
    expect(get).toHaveBeenCalledTimes(3);
  });
});
