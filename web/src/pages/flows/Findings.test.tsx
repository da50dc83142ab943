// @vitest-environment jsdom

import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import type { FlowCourse } from "../../generated/FlowCourse";
import type { FlowDetail } from "../../generated/FlowDetail";
import type { FlowTcpSide } from "../../generated/FlowTcpSide";
import { flowStrings } from "../../lib/flow-strings";
import { flowListed } from "../../live/fixtures";
import { Findings } from "./Findings";

vi.mock("@tanstack/react-router", () => ({ Link: () => null }));

afterEach(cleanup);

const { findings: words } = flowStrings;

const SIDE: FlowTcpSide = {
  data_segments: 0,
  resent: 231,
  spurious: 0,
  out_of_order: 0,
  lost: 0,
  duplicate_acks: 0,
  zero_windows: 0,
  rtt_ms_mean: null,
  rtt_ms_min: null,
  rtt_samples: 0,
};

/** A flow of a hundred packets, of which so many were looked at. */
function detail(course: Pick<FlowCourse, "packets" | "is_cut">): FlowDetail {
  return {
    listed: flowListed(7, { packets_up: 60, packets_down: 40 }),
    evidence: [],
    tls: null,
    tcp: {
      up: SIDE,
      down: SIDE,
      handshake_server_ms: null,
      handshake_client_ms: null,
      server_response_ms_mean: null,
    },
    quic: null,
    streams: [],
    course: { first_packet: 1, last_packet: 100, from_ms: null, step_s: 1, steps: [], ...course },
    findings: [],
    counts: [],
  };
}

it("nothing_found_is_said_only_of_a_flow_all_of_whose_packets_were_looked_at", () => {
  render(<Findings detail={detail({ packets: 100, is_cut: false })} />);
  expect(screen.getByText(words.none)).toBeDefined();
});

it("without_its_packets_nothing_is_known_of_a_flow", () => {
  render(<Findings detail={detail({ packets: 0, is_cut: false })} />);
  expect(screen.getByText(words.unknown)).toBeDefined();
});

it("nothing_found_in_some_of_the_packets_says_in_how_many", () => {
  render(<Findings detail={detail({ packets: 30, is_cut: false })} />);
  expect(screen.getByText(words.noneKept("30"))).toBeDefined();
  cleanup();
  render(<Findings detail={detail({ packets: 90, is_cut: true })} />);
  expect(screen.getByText(words.noneLookedAt("90"))).toBeDefined();
});
