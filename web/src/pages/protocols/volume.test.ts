import { expect, it } from "vitest";
import type { ProtocolRates } from "../../generated/ProtocolRates";
import { totals } from "../../live/fixtures";
import { volumeRows } from "./volume";

const RATES: ProtocolRates = {
  packets: 40,
  bytes: 5_000,
  packets_per_second: 4,
  packets_per_second_peak: 9,
  packets_per_second_average: 2,
  inbound_throughput_bps: 300,
  inbound_throughput_bps_peak: 900,
  inbound_throughput_bps_average: 1_600,
  outbound_throughput_bps: 100,
  outbound_throughput_bps_peak: 200,
  outbound_throughput_bps_average: 400,
  outward_throughput_bps: 100,
  outward_throughput_bps_peak: 200,
  outward_throughput_bps_average: 400,
};

it("the_total_of_a_direction_is_its_average_over_all_the_time", () => {
  const [inbound, outward] = volumeRows(RATES, totals({ elapsed_s: 20 }));
  // 1600 b/s for 20 s are 32,000 bits, 4000 bytes; the other 1000 of the 5000 bytes go out.
  expect([inbound?.total, outward?.total]).toEqual([4_000, 1_000]);
});

it("a_share_of_nothing_is_unknown", () => {
  const share = volumeRows(RATES, totals()).at(-1);
  expect(share).toMatchObject({ now: null, average: null, peak: null, total: null });
});

it("the_share_is_that_of_the_bytes_of_all_traffic", () => {
  const all = totals({ elapsed_s: 20 });
  const total = { ...all.throughput.total, throughput_bps: 800, throughput_bps_average: 4_000 };
  const share = volumeRows(RATES, {
    ...all,
    traffic: { ...all.traffic, bytes: 10_000 },
    throughput: { ...all.throughput, total },
  }).at(-1);
  // 400 of 800 b/s, 2000 of 4000 b/s, 5000 of 10,000 bytes.
  expect(share).toMatchObject({ now: 0.5, average: 0.5, total: 0.5 });
});

it("less_than_a_second_has_a_peak_and_a_total_but_no_average", () => {
  const [inbound, , packets] = volumeRows(RATES, totals({ elapsed_s: 0.5 }));
  expect([inbound?.average, packets?.average]).toEqual([null, null]);
  expect(inbound?.peak).toBe(900);
  // 1600 b/s for half a second are 100 bytes.
  expect(inbound?.total).toBe(100);
});
