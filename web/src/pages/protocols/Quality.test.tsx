// @vitest-environment jsdom

import { cleanup, render, screen, within } from "@testing-library/react";
import { Tooltip } from "radix-ui";
import { afterEach, expect, it } from "vitest";
import type { Delays } from "../../generated/Delays";
import type { Latency } from "../../generated/Latency";
import type { QuicCounts } from "../../generated/QuicCounts";
import type { TlsCounts } from "../../generated/TlsCounts";
import { mediaStrings } from "../../lib/media-strings";
import { status } from "../../live/fixtures";
import { useSession } from "../../live/session";
import { Quic } from "./Quic";
import { Tls } from "./Tls";

const { quic: words, tls, quality } = mediaStrings;

const NO_DELAYS: Delays = { samples: 0, min: null, mean: null, p50: null, p95: null, p99: null, max: null };
const DELAYS: Delays = { samples: 41, min: 10, mean: 28, p50: 25, p95: 60, p99: 90, max: 112 };
const NO_LATENCY: Latency = {
  now_ms: null,
  peak_ms: null,
  average_ms: null,
  p50_ms: null,
  p95_ms: null,
  p99_ms: null,
};

const QUIC: QuicCounts = {
  connections: 42,
  google_connections: 1,
  packets: 38_120,
  versions: { "0x00000001": 30, "0xff00001d": 10 },
  packet_types: { initial: 25, "0-rtt": 15 },
  migrations: 1,
  handshake_rtt_ms: DELAYS,
  handshake_rtt: { ...NO_LATENCY, now_ms: 26, average_ms: 27, peak_ms: 70 },
  spin_rtt_ms: NO_DELAYS,
  spin_rtt: NO_LATENCY,
};

const TLS: TlsCounts = {
  client_hellos: 120,
  server_hellos: 118,
  versions: { "TLS 1.3": 96, "TLS 1.2": 22 },
  ciphers: {},
  resumed: 30,
  full: 90,
  encrypted_hellos: 44,
  handshake_ms: DELAYS,
  handshake: NO_LATENCY,
};

afterEach(cleanup);

function cells(row: string): (string | null)[] {
  return within(screen.getByRole("row", { name: new RegExp(`^${row}`) }))
    .getAllByRole("cell")
    .map((cell) => cell.textContent);
}

it("a_round_trip_has_now_average_peak_and_its_distribution_and_unknown_is_no_zero", () => {
  render(
    <Tooltip.Provider>
      <Quic quic={QUIC} />
    </Tooltip.Provider>,
  );
  expect(cells(words.handshake)).toEqual([
    "26.0 ms",
    "27.0 ms",
    "70.0 ms",
    "25.0 ms",
    "60.0 ms",
    "90.0 ms",
    "112 ms",
    "41",
  ]);
  expect(cells(words.spin)).toEqual(["–", "–", "–", "–", "–", "–", "–", "0"]);
});

it("versions_have_names_beside_their_numbers_and_types_those_of_the_standard", () => {
  render(
    <Tooltip.Provider>
      <Quic quic={QUIC} />
    </Tooltip.Provider>,
  );
  const versions = screen.getByRole("region", { name: words.versions });
  // 30 and 10 of 40.
  expect(
    within(versions)
      .getAllByRole("listitem")
      .map((bar) => bar.textContent),
  ).toEqual(["QUIC 1 (0x00000001)75.0%30", "draft 29 (0xff00001d)25.0%10"]);
  expect(screen.getByRole("region", { name: words.types }).textContent).toContain("0-RTT");
});

it("tls_says_what_part_was_resumed_and_why_there_is_no_cipher", () => {
  useSession.setState({ status: status({ state: "finished", session: 1 }) });
  render(
    <Tooltip.Provider>
      <Tls tls={TLS} />
    </Tooltip.Provider>,
  );
  // 30 of 30 + 90.
  expect(screen.getByText("30 (25.0%)")).toBeTruthy();
  expect(screen.getByRole("region", { name: tls.ciphers }).textContent).toContain(tls.noHello);
  expect(screen.getByRole("columnheader", { name: quality.atEnd })).toBeTruthy();
});
