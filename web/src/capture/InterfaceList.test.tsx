// @vitest-environment jsdom

import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { CaptureEngine } from "../generated/CaptureEngine";
import { strings } from "../lib/strings";
import type { InterfaceView } from "../live/interfaces";
import { InterfaceList } from "./InterfaceList";

afterEach(cleanup);

function view(name: string, engines: CaptureEngine[]): InterfaceView {
  const row = {
    name,
    description: null,
    addresses: [],
    state: "up" as const,
    loopback: false,
    may_capture: true,
    capture_problem: null,
    remedy: null,
    bytes_received: null,
    bytes_sent: null,
    engines,
  };
  return { row, rate_bps: null, rates_bps: [] };
}

it("only_what_tshark_captures_is_marked_as_such", () => {
  const views = [view("eth0", ["libpcap"]), view("lo", ["libpcap", "tshark"]), view("sshdump", ["tshark"])];
  render(<InterfaceList list={{ views, problem: null }} />);
  const marked = screen
    .getAllByText(strings.interface.viaTshark)
    .map((tag) => tag.closest("[role=radio]")?.textContent ?? "");
  expect(marked.map((text) => text.slice(0, text.indexOf(strings.interface.viaTshark)))).toEqual([
    "lo",
    "sshdump",
  ]);
});
