// @vitest-environment jsdom

import { expect, it } from "vitest";
import type { InterfaceRow } from "../generated/InterfaceRow";
import { InterfaceRates } from "./interfaces";

function row(bytes_received: number | null, bytes_sent: number | null): InterfaceRow {
  return {
    name: "eth0",
    description: null,
    addresses: [],
    state: "up",
    loopback: false,
    may_capture: true,
    capture_problem: null,
    remedy: null,
    bytes_received,
    bytes_sent,
    engines: ["libpcap"],
  };
}

it("two_readings_make_a_rate_of_both_ways", () => {
  const rates = new InterfaceRates();
  expect(rates.read([row(1_000, 500)], 0)[0]?.rate_bps).toBeNull();
  // 1000 more received and 250 more sent in half a second: 1250 bytes * 8 / 0.5 s.
  expect(rates.read([row(2_000, 750)], 500)[0]?.rate_bps).toBe(20_000);
});

it("a_counter_that_went_back_gives_no_rate", () => {
  const rates = new InterfaceRates();
  rates.read([row(1_000, 0)], 0);
  expect(rates.read([row(10, 0)], 1_000)[0]).toMatchObject({ rate_bps: null, rates_bps: [] });
});

it("a_system_that_does_not_count_gives_no_rate", () => {
  const rates = new InterfaceRates();
  rates.read([row(null, null)], 0);
  expect(rates.read([row(null, null)], 1_000)[0]?.rate_bps).toBeNull();
});
