import { expect, it } from "vitest";
import type { Delays } from "../../generated/Delays";
import { protocolStrings } from "../../lib/protocol-strings";
import { tcpDelays } from "./delays";

const { far, near, either, handshake, response } = protocolStrings.tcp;

function delays(samples: number): Delays {
  return { samples, min: null, mean: null, p50: null, p95: null, p99: null, max: null };
}

/** The names of the rows for so many samples of each kind. */
function names(samples: { all: number; far: number; near: number }): string[] {
  const rows = tcpDelays({
    rtt_ms: delays(samples.all),
    rtt_far_ms: delays(samples.far),
    rtt_near_ms: delays(samples.near),
    initial_rtt_ms: delays(0),
    server_response_ms: delays(0),
  });
  return rows.map(([label]) => label);
}

it("round_trips_between_local_ends_are_told_although_there_is_no_far_side", () => {
  expect(names({ all: 12, far: 0, near: 0 })).toEqual([far, near, either, handshake, response]);
});

it("where_there_is_a_far_side_and_where_nothing_was_measured_its_rows_are_all", () => {
  expect(names({ all: 12, far: 9, near: 3 })).toEqual([far, near, handshake, response]);
  expect(names({ all: 0, far: 0, near: 0 })).toEqual([far, near, handshake, response]);
});
