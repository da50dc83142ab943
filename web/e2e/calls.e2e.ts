/** Calls and streams: a call whose line gets worse, from the list of calls down to its streams, flow and packets. */

import { describe, expect } from "vitest";
import { flowStrings } from "../src/lib/flow-strings";
import { mediaStrings } from "../src/lib/media-strings";
import { strings } from "../src/lib/strings";
import { CALLEE, CALLER, call, FROM, LOST, RINGS_AT_S, SOUND_LENGTH, TO } from "./packets/call";
import { captureFile } from "./packets/capture-file";
import { accessibilityComplaints, overflow } from "./rig/judge";
import type { Program } from "./rig/program";
import { test, type Watch } from "./rig/test";
import type { Viewer } from "./rig/viewer";

const { calls, streams, stream: sheet, call: callSheet, mos, rtp } = mediaStrings;

const SOON = { timeout: 10_000 };

async function called(program: Program, watch: Watch, choice: string, packets = call()): Promise<Viewer> {
  const viewer = await watch(program);
  const { screen } = viewer;
  await screen.firstStart.waitFor();
  await screen.drop("call.pcap", captureFile(packets, 1_700_000_000));
  await screen.state(strings.states.finished).waitFor();
  await expect.poll(() => screen.packets(), SOON).toBe(packets.length);
  await screen.go("protocols");
  await screen.main.getByRole("button", { name: choice, exact: true }).click();
  return viewer;
}

/** The number in front of a MOS's band. */
function mosOf(text: string): number {
  return Number(text.match(/([1-4]\.\d\d)\s*(good|fair|poor|bad)/)?.[1] ?? Number.NaN);
}

test("a_bad_line_shows_in_its_stream_alone", async ({ program, watch }) => {
  const { page, screen } = await called(program, watch, "RTP");
  const rows = screen.panel(streams.title).locator("tbody").getByRole("row");
  await expect.poll(() => rows.count(), SOON).toBe(2);
  const there = rows.filter({ hasText: new RegExp(`^\\D*${CALLER.address}`) });
  const back = rows.filter({ hasText: new RegExp(`^\\D*${CALLEE.address}`) });
  // 50 of 1,000 are 5 %.
  expect(await back.innerText()).toMatch(new RegExp(`PCMA 8 kHz[\\s\\S]*${LOST} · 5\\.00 %`));
  expect(await there.innerText()).toContain("0 · 0 %");
  const [good, bad] = [mosOf(await there.innerText()), mosOf(await back.innerText())];
  expect(good).toBeGreaterThan(4);
  expect(bad).toBeLessThan(good - 0.2);
  expect(await screen.figure(rtp.counts, rtp.seen[0])).toBe("2");
  expect(await screen.figure(rtp.counts, rtp.lost[0])).toBe(`${LOST} of 2,000 (2.50 %)`);

  await back.getByRole("button").first().click();
  const opened = page.getByRole("region", { name: sheet.label, exact: true });
  await opened.getByRole("region", { name: mos.basis }).waitFor();
  expect(new URL(page.url()).searchParams.get("stream")).not.toBeNull();
  // At its end, where every tenth packet is lost, it is worse than as a whole.
  const course = opened.getByRole("region", { name: sheet.charts.mos, exact: true });
  const newest = async () => Number((await course.innerText()).match(/kHz ([1-4]\.\d\d)/)?.[1]);
  await expect.poll(newest, SOON).toBeLessThan(bad);
  await page.keyboard.press("Escape");
  await opened.waitFor({ state: "detached" });
  // The focus is where it was.
  expect(await page.evaluate(() => document.activeElement?.closest("tr")?.textContent)).toContain(
    CALLEE.address,
  );
});

test("a_call_says_who_how_long_and_how_it_sounded_and_leads_on", async ({ program, watch }) => {
  const { page, screen } = await called(program, watch, calls.tab);
  const row = screen.panel(calls.title).locator("tbody").getByRole("row");
  await expect.poll(() => row.count(), SOON).toBe(1);
  const text = await row.innerText();
  expect(text).toContain(FROM);
  expect(text).toContain(TO);
  expect(text).toContain(calls.states.ended);
  await row.getByRole("button").first().press("Enter");
  const opened = page.getByRole("region", { name: callSheet.label, exact: true });
  const facts = opened.getByRole("region", { name: callSheet.facts, exact: true });
  expect(await facts.innerText()).toContain(`${RINGS_AT_S * 1000} ms`);
  const sides = opened.getByRole("region", { name: callSheet.streams, exact: true });
  const lost = sides.getByRole("row", { name: callSheet.rows.lost, exact: false }).first();
  expect(await lost.getByRole("cell").allInnerTexts()).toEqual(["0 %", "5.00 %"]);
  await opened.getByRole("region", { name: sheet.charts.mos, exact: true }).waitFor();

  await sides.getByRole("link", { name: callSheet.fromCallee("PCMA") }).click();
  const stream = page.getByRole("region", { name: sheet.label, exact: true });
  await stream.getByRole("link", { name: sheet.showFlow }).click();
  await screen.flow.getByRole("region", { name: flowStrings.sheet.sides }).waitFor();
  const inFlow = screen.flow.getByRole("region", { name: mediaStrings.flow.streams });
  expect(await inFlow.getByRole("link").count()).toBe(2);
});

describe("the pages of calls and streams have no fault", () => {
  async function judge({ page }: Viewer): Promise<string[]> {
    const complaints: string[] = [];
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 1000 });
      for (const complaint of await accessibilityComplaints(page)) complaints.push(`${width}: ${complaint}`);
    }
    for (const width of [320, 390, 640, 1280])
      for (const complaint of await overflow(page, width)) complaints.push(`${width}: ${complaint}`);
    await page.setViewportSize({ width: 1440, height: 1000 });
    return complaints;
  }

  const first = ({ screen }: Viewer, title: string) =>
    screen.panel(title).locator("tbody").getByRole("button").first();

  test("calls_with_and_without_a_sheet", async ({ program, watch }) => {
    const viewer = await called(program, watch, calls.tab);
    await first(viewer, calls.title).waitFor();
    expect(await judge(viewer)).toEqual([]);
    await first(viewer, calls.title).click();
    await viewer.page.getByRole("region", { name: callSheet.streams, exact: true }).waitFor();
    expect(await judge(viewer)).toEqual([]);
  });

  test("streams_with_and_without_a_sheet", async ({ program, watch }) => {
    const viewer = await called(program, watch, "RTP");
    await first(viewer, streams.title).waitFor();
    expect(await judge(viewer)).toEqual([]);
    await first(viewer, streams.title).click();
    await viewer.page.getByRole("region", { name: mos.basis, exact: true }).waitFor();
    expect(await judge(viewer)).toEqual([]);
  });
});

test("without_rtp_the_page_says_how_it_is_told_and_where_else_to_look", async ({ program, watch }) => {
  // Only the messages of SIP are shorter or longer than the packets of sound.
  const signalling = call().filter(({ frame }) => frame.length !== SOUND_LENGTH);
  const { page, screen } = await called(program, watch, "RTP", signalling);
  await page.getByText(rtp.noneHint).waitFor();
  expect(await accessibilityComplaints(page)).toEqual([]);
  await page.getByRole("button", { name: rtp.udpFlows }).click();
  await screen.flowFilter.waitFor();
  expect(new URL(page.url()).searchParams.get("protocol")).toBe("UDP");
});
