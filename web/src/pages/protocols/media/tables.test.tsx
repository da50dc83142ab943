// @vitest-environment jsdom

import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { Tooltip } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { mediaStrings } from "../../../lib/media-strings";
import { call, callsTopic, rtpStream } from "../../../live/media-fixtures";
import { CallSheet, drawnOf } from "./CallSheet";
import { CallStreams, wayTexts } from "./CallStreams";
import { Calls } from "./Calls";
import { StreamSheet } from "./StreamSheet";
import { StreamTable } from "./StreamTable";

// Where a link leads is the router's matter; here it is only a name.
vi.mock("@tanstack/react-router", () => ({
  Link: ({ children, title }: { children: ReactNode; title?: string }) => (
    <a href="/flows" title={title}>
      {children}
    </a>
  ),
}));
vi.mock("uplot", () => ({ default: class {} }));
// What is drawn is tested where it is read.
vi.mock("./Courses", () => ({ Courses: () => null, MOST_LINES: 4 }));

beforeEach(() => {
  Element.prototype.scrollIntoView = () => {};
});

afterEach(cleanup);

const { streams: words, calls: callWords, mos, stream: sheet } = mediaStrings;
const opened = vi.fn();
const sorted = vi.fn();
const NEWEST = { sort: "began", rising: false } as const;

function show(part: ReactElement): void {
  render(<Tooltip.Provider>{part}</Tooltip.Provider>);
}

function streams(...rows: ReturnType<typeof rtpStream>[]): void {
  show(
    <StreamTable
      topic={callsTopic({ streams: rows, streams_omitted: 2 })}
      order={NEWEST}
      onSort={sorted}
      selected={null}
      onOpen={opened}
      className=""
    />,
  );
}

it("a_stream_says_ends_codec_loss_jitter_and_mos_and_opens", () => {
  streams(rtpStream(1, { lost: 1_040, lost_percentage: 3.59, mos: 3.42 }));
  const row = screen.getByRole("row", { name: /170\.114\.52\.2/ });
  const texts = within(row)
    .getAllByRole("cell")
    .map((cell) => cell.textContent);
  expect(texts.slice(0, 6)).toEqual([
    "PCMA 8 kHz",
    "audio",
    "990",
    "1,040 · 3.59 %",
    "2.00 ms",
    // 3.42 is above 3.1 and below 3.6.
    `3.42${mos.bands.poor}`,
  ]);
  expect(texts[6]).toBe(mediaStrings.signs.signalling);
  fireEvent.click(within(row).getByRole("button", { name: /192\.168\.1\.10:10000/ }));
  expect(opened).toHaveBeenLastCalledWith(1);
  expect(screen.getByText(words.omitted("2"))).toBeTruthy();
});

it("an_unknown_codec_is_said_and_claims_neither_jitter_nor_mos", () => {
  const unknown = rtpStream(2, {
    codec: null,
    payload_type: 111,
    clock_rate: null,
    jitter_ms_mean: null,
    mos: null,
    mos_basis: { ...rtpStream(0).mos_basis, missing: "unknown_codec" },
  });
  streams(unknown);
  expect(screen.getByText("unknown codec, type 111")).toBeTruthy();
  expect(screen.getByRole("button", { name: mos.missing.unknown_codec })).toBeTruthy();
  expect(screen.getByRole("row", { name: /170/ }).textContent).toContain("–");
});

it("a_heading_sorts_and_says_how_it_is_sorted", () => {
  streams(rtpStream(1));
  fireEvent.click(screen.getByRole("button", { name: words.columns.mos }));
  expect(sorted).toHaveBeenLastCalledWith("mos");
  const began = screen.getByRole("columnheader", { name: words.columns.began });
  expect(began.getAttribute("aria-sort")).toBe("descending");
});

function calls(topic: Parameters<typeof Calls>[0]["topic"], onStreams = vi.fn()): void {
  show(
    <Calls
      topic={topic}
      order={NEWEST}
      onSort={sorted}
      selected={null}
      onOpen={opened}
      onStreams={onStreams}
    />,
  );
}

it("a_call_says_parties_state_result_and_delay_and_opens", () => {
  const busy = call(7, { state: "failed", result: "486 Busy Here", mos: null, codecs: [] });
  calls(callsTopic({ calls: [busy] }));
  const row = screen.getByRole("row", { name: /486 Busy Here/ });
  expect(row.textContent).toContain("bridge@example.net");
  expect(row.textContent).toContain("64.0 ms");
  expect(row.textContent).toContain(callWords.states.failed);
  expect(row.textContent).toContain(mos.none);
  fireEvent.click(row);
  expect(opened).toHaveBeenLastCalledWith(7);
});

it("a_call_without_a_mos_says_why_where_its_streams_say_the_same", () => {
  const unknown = { ...rtpStream(0).mos_basis, missing: "unknown_codec" } as const;
  const rows = [1, 2].map((id) => rtpStream(id, { mos: null, mos_basis: unknown }));
  calls(callsTopic({ calls: [call(7, { mos: null, streams: [1, 2] })], streams: rows }));
  expect(screen.getByRole("button", { name: mos.missing.unknown_codec })).toBeTruthy();
});

it("without_a_call_it_says_how_one_is_told_and_leads_to_the_streams_there_are", () => {
  const toStreams = vi.fn();
  calls(callsTopic({ streams: [rtpStream(1)] }), toStreams);
  expect(screen.getByText(callWords.none)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: callWords.showStreams }));
  expect(toStreams).toHaveBeenCalledOnce();
});

it("the_streams_of_a_call_stand_side_by_side_under_who_sends_them", () => {
  const there = rtpStream(1, { mos: 4.4 });
  const back = rtpStream(2, { src: "170.114.52.2", dst: "192.168.1.10", lost_percentage: 5.25, mos: 2.5 });
  show(<CallStreams call={call(1, { streams: [1, 2] })} streams={[there, back]} />);
  const heads = screen.getAllByRole("columnheader").map((head) => head.textContent);
  expect(heads.slice(1)).toEqual([
    mediaStrings.call.fromCaller("PCMA"),
    mediaStrings.call.fromCallee("PCMA"),
  ]);
  const lost = screen.getByRole("row", { name: /^Lost/ });
  expect(
    within(lost)
      .getAllByRole("cell")
      .map((cell) => cell.textContent),
  ).toEqual(["1.00 %", "5.25 %"]);
});

it("streams_of_a_call_that_one_end_sends_of_one_codec_are_told_apart_by_their_sources", () => {
  const first = rtpStream(1);
  const second = rtpStream(2, { ssrc: 0x2a });
  const back = rtpStream(3, { src: "170.114.52.2", dst: "192.168.1.10" });
  const { fromCaller, fromCallee, ofSource } = mediaStrings.call;
  expect(wayTexts(call(1), [first, second, back])).toEqual([
    ofSource(fromCaller("PCMA"), "0x0a1b2c3d"),
    ofSource(fromCaller("PCMA"), "0x0000002a"),
    fromCallee("PCMA"),
  ]);
});

it("of_more_streams_than_charts_can_hold_those_with_a_mos_are_drawn_and_it_is_said", () => {
  // Six, the first three of which have no MOS: the last three and one more are drawn.
  const six = [1, 2, 3, 4, 5, 6].map((id) => rtpStream(id, { ssrc: id, mos: id <= 3 ? null : 4 }));
  expect(drawnOf(six).map(({ id }) => id)).toEqual([1, 4, 5, 6]);
  const one = call(1, { streams: [1, 2, 3, 4, 5, 6] });
  show(<CallSheet id={1} topic={callsTopic({ calls: [one], streams: six })} onClose={vi.fn()} />);
  expect(screen.getByText(mediaStrings.call.drawn("4", "6"))).toBeTruthy();
});

it("a_stream_that_is_not_listed_any_more_says_so", () => {
  show(<StreamSheet id={9} topic={callsTopic()} onClose={vi.fn()} />);
  expect(screen.getByRole("status").textContent).toContain(sheet.gone);
});

it("the_sheet_of_a_stream_shows_what_its_mos_rests_on", () => {
  show(<StreamSheet id={1} topic={callsTopic({ streams: [rtpStream(1)] })} onClose={vi.fn()} />);
  const basis = screen.getByRole("region", { name: mos.basis });
  expect(basis.textContent).toContain("82.3");
  expect(basis.textContent).toContain(`60.0 ms (${mos.assumed})`);
  expect(screen.getByRole("region", { name: sheet.facts }).textContent).toContain("0x0a1b2c3d");
});
