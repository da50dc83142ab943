// @vitest-environment jsdom

import { cleanup, render, screen, within } from "@testing-library/react";
import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { flowStrings } from "../../lib/flow-strings";
import { mediaStrings } from "../../lib/media-strings";
import { flowListed } from "../../live/fixtures";
import { rtpStream } from "../../live/media-fixtures";
import { FlowStreams } from "./FlowStreams";
import { QuicFacts } from "./QuicFacts";

// Where a link leads is the router's matter; here it tells what it was asked for.
vi.mock("@tanstack/react-router", () => ({
  Link: ({ children, search }: { children: ReactNode; search: object }) => (
    <a href={`/?${JSON.stringify(search)}`}>{children}</a>
  ),
}));

afterEach(cleanup);

const { flow: words } = mediaStrings;

it("each_stream_of_a_flow_says_its_way_and_leads_to_its_sheet", () => {
  const flow = flowListed(5, { client: "192.168.1.10", client_port: 10_000 });
  const back = rtpStream(2, { src: "170.114.52.2", src_port: 20_000, lost_percentage: 5 });
  render(
    <Tooltip.Provider>
      <FlowStreams flow={flow} streams={[rtpStream(1), back]} />
    </Tooltip.Provider>,
  );
  const link = screen.getByRole("link", { name: `PCMA ${words.ways.down}` });
  expect(decodeURIComponent(link.getAttribute("href") ?? "")).toContain('"stream":2');
  const row = screen.getByRole("row", { name: new RegExp(words.ways.down) });
  expect(within(row).getByText("5.00 %")).toBeTruthy();
});

it("a_connection_that_moved_leads_to_where_it_came_from", () => {
  const quic = {
    version: null,
    handshake_rtt_ms: 26,
    spin_rtt_ms: null,
    retried: true,
    migrated_from: 3,
  };
  render(
    <Tooltip.Provider>
      <QuicFacts quic={quic} />
    </Tooltip.Provider>,
  );
  const facts = screen.getByRole("region", { name: words.quic });
  expect(facts.textContent).toContain(words.noVersion);
  expect(facts.textContent).toContain("26.0 ms");
  expect(within(facts).getByText(flowStrings.yes)).toBeTruthy();
  const from = screen.getByRole("link", { name: words.migratedLink("3") });
  expect(decodeURIComponent(from.getAttribute("href") ?? "")).toContain('"sel":3');
});
