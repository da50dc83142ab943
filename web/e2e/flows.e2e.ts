/** The page of the flows: the list, and one of them in full. */

import { readFile } from "node:fs/promises";
import { describe, expect } from "vitest";
import { flowName } from "../src/lib/flow-names";
import { findingText, flowStrings } from "../src/lib/flow-strings";
import { strings } from "../src/lib/strings";
import { captureFile, type Timed } from "./packets/capture-file";
import { Chance } from "./packets/chance";
import { LOSSES, lossyTransfer, webTransfer } from "./packets/conversations";
import { udp } from "./packets/frames";
import { accessibilityComplaints, overflow } from "./rig/judge";
import { test } from "./rig/test";
import type { Viewer } from "./rig/viewer";
import { CAN_LAY_WIRES, INTERFACE } from "./rig/wire";

const { columns, sheet, charts, findings } = flowStrings;

const SOON = { timeout: 10_000 };

const CLIENT = "192.168.1.31";
const SERVER = { address: "198.51.100.44", port: 9_999 };

/** A frame of Ethernet takes no more payload than this. */
const MOST_BYTES = 1_400;

/** So many flows of a datagram each: flow n comes from port 10000 + n and sends n bytes, as far as they fit. */
function datagrams(count: number): Timed[] {
  return Array.from({ length: count }, (_, n) => ({
    at_s: 0,
    frame: udp({ address: CLIENT, port: 10_001 + n }, SERVER, Buffer.alloc(Math.min(MOST_BYTES, n + 1))),
  }));
}

/** Frames are as long as their headers: 14 bytes of Ethernet, 20 of IP and 8 of UDP. */
const HEADERS = 42;

const LOSSY = {
  client: { address: "192.168.1.57", port: 50_100 },
  server: { address: "203.0.113.77", port: 80 },
  from_s: 0,
};

/** One connection that loses segments, and one that does not. */
function twoDownloads(): Timed[] {
  const chance = new Chance(5);
  const healthy = {
    client: { address: "192.168.1.80", port: 50_200 },
    server: { address: "192.0.2.80", port: 80 },
    from_s: 0.1,
    name: "news.example.org",
    way: "down" as const,
    bytes: 200_000,
    lasts_s: 1,
  };
  return [...lossyTransfer(LOSSY, chance), ...webTransfer(healthy, chance)].sort(
    (first, second) => first.at_s - second.at_s,
  );
}

/** Opens the page of flows on a file of `frames`. */
async function read({ page, screen }: Viewer, frames: readonly Timed[]): Promise<void> {
  await screen.drop("flows.pcap", captureFile(frames, 1_700_000_000));
  await screen.state(strings.states.finished).waitFor();
  await screen.go("flows");
  await expect.poll(() => screen.rows.count(), SOON).toBeGreaterThan(0);
  expect(new URL(page.url()).pathname).toBe("/flows");
}

describe.runIf(CAN_LAY_WIRES)("the list of flows", () => {
  test("sorts_by_a_heading_and_the_other_way_at_a_second_press", async ({ wire, program, watch }) => {
    const { page, screen } = await watch(program);
    await screen.start(INTERFACE);
    await screen.go("flows");
    await page.getByText(flowStrings.waiting).waitFor();
    await wire.send(datagrams(20));
    // The largest first: 20, 19, … bytes of payload.
    const bytes = (n: number) => `${HEADERS + n} B`;
    await expect.poll(async () => (await screen.column(columns.bytes))[0], SOON).toBe(bytes(20));
    await expect.poll(async () => (await screen.column(columns.bytes)).at(-1), SOON).toBe(bytes(1));
    await screen.heading(columns.bytes).click();
    await expect.poll(async () => (await screen.column(columns.bytes))[0], SOON).toBe(bytes(1));
    expect(await screen.heading(columns.bytes).getAttribute("aria-sort")).toBe("ascending");
    await screen.heading(columns.client).click();
    await expect.poll(async () => (await screen.column(columns.client))[0], SOON).toBe(`${CLIENT}:10001`);
    // The address holds it, so that a reload shows the same.
    await page.reload();
    await expect.poll(async () => (await screen.column(columns.client))[0], SOON).toBe(`${CLIENT}:10001`);
    expect(await screen.heading(columns.client).getAttribute("aria-sort")).toBe("ascending");
  });

  test("thousands_are_paged_to_the_last_and_stay_in_order", async ({ wire, program, watch }) => {
    const { page, screen } = await watch(program);
    const count = 4_000;
    await screen.start(INTERFACE);
    await wire.send(datagrams(count));
    await expect.poll(() => screen.packets(), SOON).toBe(count);
    await page.goto(new URL("flows?sort=client&rising=true", program.url).href);
    await expect.poll(() => screen.rows.count(), SOON).toBeGreaterThan(10);
    expect(await screen.grid.getAttribute("aria-rowcount")).toBe(String(count + 1));
    // What is drawn is what is in sight, and a little more.
    expect(await screen.rows.count()).toBeLessThan(60);
    await screen.grid.focus();
    await page.keyboard.press("End");
    await expect
      .poll(async () => (await screen.column(columns.client)).at(-1), SOON)
      .toBe(`${CLIENT}:${10_000 + count}`);
    await screen.grid.hover();
    await page.mouse.wheel(0, -20_000);
    await expect
      .poll(async () => {
        const ports = (await screen.column(columns.client)).map((end) => Number(end.split(":")[1]));
        return ports.length > 10 && ports.every((port, n) => n === 0 || port === (ports[n - 1] ?? 0) + 1);
      }, SOON)
      .toBe(true);
  });

  test("a_text_narrows_it_and_one_that_means_nothing_leaves_it", async ({ wire, program, watch }) => {
    const { page, screen } = await watch(program);
    await screen.start(INTERFACE);
    await wire.send(datagrams(30));
    await screen.go("flows");
    await expect.poll(() => screen.rows.count(), SOON).toBeGreaterThan(10);
    await screen.flowFilter.fill(":10007");
    await expect.poll(() => screen.column(columns.client), SOON).toEqual([`${CLIENT}:10007`]);
    await page.getByText(flowStrings.of("1", "30")).waitFor();
    expect(new URL(page.url()).searchParams.get("filter")).toBe(":10007");

    await screen.flowFilter.fill(":10007 :gibberish");
    await screen.alert(/gibberish/).waitFor();
    expect(await screen.flowFilter.getAttribute("aria-invalid")).toBe("true");
    expect(await screen.column(columns.client)).toEqual([`${CLIENT}:10007`]);
    expect(await accessibilityComplaints(page)).toEqual([]);

    await screen.flowFilter.fill("192.0.2.99");
    await page.getByText(flowStrings.noMatchText("192.0.2.99")).waitFor();
    await page.getByRole("button", { name: flowStrings.clearAll }).click();
    await expect.poll(() => screen.rows.count(), SOON).toBeGreaterThan(10);
    expect(await screen.flowFilter.inputValue()).toBe("");
  });

  test("what_speaks_is_active_until_it_falls_silent", async ({ wire, program, watch }) => {
    const { page, screen } = await watch(program);
    await screen.start(INTERFACE);
    await page.goto(new URL("flows?active=true", program.url).href);
    await wire.send(datagrams(3));
    await expect.poll(() => screen.rows.count(), SOON).toBe(3);
    // Nobody speaks for 5 s: the list empties by itself, and says why.
    await page.getByText(flowStrings.noneActive).waitFor({ timeout: 20_000 });
  });
});

test("columns_are_chosen_kept_and_saved_as_they_stand", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page, screen } = viewer;
  await read(viewer, twoDownloads());
  await page.getByRole("button", { name: columns.choose }).click();
  await page.getByRole("menuitemcheckbox", { name: columns.state, exact: true }).click();
  await page.getByRole("menuitemcheckbox", { name: columns.transport, exact: true }).click();
  await page.keyboard.press("Escape");
  await screen.heading(columns.transport).waitFor();
  expect(await screen.heading(columns.state).count()).toBe(0);
  // Without a word in the address the choice is the one that was kept.
  await page.goto(new URL("flows", program.url).href);
  await screen.heading(columns.transport).waitFor();
  await expect.poll(() => screen.rows.count(), SOON).toBe(2);

  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: flowStrings.csv, exact: true }).click();
  const lines = (await readFile(await (await saving).path(), "utf8")).trim().split("\r\n");
  expect(lines.length).toBe(3);
  expect(lines[0]).toContain("Transport");
  expect(lines[0]).not.toContain("State");
  // The larger download first, as on the screen.
  expect(lines[1]).toContain("192.168.1.80:50200");
  expect(lines[2]).toContain("192.168.1.57:50100");
});

test("a_flow_shows_its_facts_charts_and_findings_and_leads_to_its_packets", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page, screen } = viewer;
  const frames = twoDownloads();
  await read(viewer, frames);
  await screen.rows.filter({ hasText: "50100" }).click();
  await screen.flow.getByText(sheet.fromClient).waitFor();
  expect(new URL(page.url()).searchParams.get("sel")).not.toBeNull();
  for (const chart of [charts.throughput, charts.packets, charts.rtt, charts.trouble]) {
    await screen.flow.getByRole("region", { name: chart, exact: true }).locator("canvas").waitFor();
  }
  const found = screen.flow.getByRole("region", { name: findings.title });
  for (const [event, times] of Object.entries(LOSSES)) {
    await found
      .getByRole("listitem")
      .filter({ hasText: `${findingText(event)} ${times}` })
      .waitFor();
  }
  expect(await accessibilityComplaints(page)).toEqual([]);

  const all = Object.values(LOSSES).reduce((sum, times) => sum + times, 0);
  await expect.poll(() => found.getByRole("link").count(), SOON).toBe(all);
  await found.getByRole("button", { name: findingText("fast_retransmission") }).click();
  await expect.poll(() => found.getByRole("link").count(), SOON).toBe(LOSSES.fast_retransmission);

  // Each finding leads to its packet.
  const finding = found.getByRole("link").first();
  const number = Number((await finding.innerText()).match(/\n(\d+)\n/)?.[1]);
  await finding.click();
  await screen.details.waitFor();
  expect(new URL(page.url()).searchParams.get("packet")).toBe(String(number));
  expect(await screen.details.innerText()).toContain("203.0.113.77");

  // And the flow to all of them, and to nothing else.
  await page.goBack();
  await screen.flow.getByRole("link", { name: sheet.showPackets }).click();
  const own = frames.filter(({ frame }) => frame.includes(Buffer.from([203, 0, 113, 77]))).length;
  await page.getByText(strings.packets.of(String(own), String(frames.length))).waitFor();
  const name = flowName({
    client: "192.168.1.57",
    client_port: 50_100,
    server: "203.0.113.77",
    server_port: 80,
  });
  await page.getByRole("link", { name: strings.packets.flowChip(name) }).waitFor();
  await page.getByRole("button", { name: strings.packets.allFlows }).click();
  await page.getByText(strings.packets.held(String(frames.length))).waitFor();
});

test("by_keyboard_alone_a_flow_is_found_opened_and_closed", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page, screen } = viewer;
  await read(viewer, twoDownloads());
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await screen.panel(strings.dashboard.throughput).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("f");
  await expect.poll(() => screen.rows.count(), SOON).toBe(2);
  await page.keyboard.press("/");
  await expect
    .poll(() => screen.flowFilter.evaluate((field) => field === document.activeElement), SOON)
    .toBe(true);
  await page.keyboard.press("Escape");
  await screen.grid.focus();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await screen.flow.getByText("192.168.1.57:50100").waitFor();
  // An open sheet goes along.
  await page.keyboard.press("k");
  await screen.flow.getByText("192.168.1.80:50200").waitFor();
  await page.keyboard.press("Escape");
  await screen.flow.waitFor({ state: "detached" });
  // Above the first row are the headings.
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect.poll(() => screen.heading(columns.client).getAttribute("aria-sort"), SOON).toBe("ascending");
});

test("on_a_phone_three_columns_fit_and_the_sheet_lies_over_them", async ({ program, watch }) => {
  const viewer = await watch(program, { width: 390, height: 844 });
  const { page, screen } = viewer;
  await read(viewer, twoDownloads());
  expect(await screen.grid.getByRole("columnheader").count()).toBe(3);
  expect(await accessibilityComplaints(page)).toEqual([]);
  await screen.rows.first().click();
  await screen.flow.getByText(sheet.fromClient).waitFor();
  expect(await accessibilityComplaints(page)).toEqual([]);
  for (const width of [320, 390, 640]) expect(await overflow(page, width)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await screen.flow.getByRole("button", { name: sheet.close }).click();
  await screen.flow.waitFor({ state: "detached" });
  expect(await screen.rows.count()).toBe(2);
});

test("back_closes_the_sheet_and_undoes_a_sort_but_not_each_letter", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page, screen } = viewer;
  await read(viewer, twoDownloads());
  const search = () => new URL(page.url()).search;
  await screen.rows.nth(0).click();
  await screen.flow.getByText("192.168.1.80:50200").waitFor();
  // From row to row the sheet stays open: that is no step of its own.
  await screen.rows.nth(1).click();
  await screen.flow.getByText("192.168.1.57:50100").waitFor();
  await page.goBack();
  await screen.flow.waitFor({ state: "detached" });
  expect(search()).toBe("");
  expect(new URL(page.url()).pathname).toBe("/flows");

  await screen.heading(columns.client).click();
  await expect.poll(search, SOON).toContain("sort=client");
  await screen.flowFilter.pressSequentially("tcp", { delay: 100 });
  await expect.poll(search, SOON).toContain("filter=tcp");
  await page.goBack();
  await expect.poll(search, SOON).toBe("");
});

test("an_address_with_a_sort_that_there_is_none_of_lists_as_usual", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page, screen } = viewer;
  await read(viewer, twoDownloads());
  await page.goto(new URL("flows?sort=zzz", program.url).href);
  await expect.poll(() => screen.rows.count(), SOON).toBe(2);
  // The larger download first.
  expect((await screen.column(columns.client))[0]).toBe("192.168.1.80:50200");
  expect(await screen.alert(/./).count()).toBe(0);

  // What was never listed cannot be fallen back on: the page says why.
  await page.goto(new URL("flows?filter=:x", program.url).href);
  await screen.main.getByText(flowStrings.refused).waitFor();
  await screen.main.getByRole("button", { name: flowStrings.clearAll }).click();
  await expect.poll(() => screen.rows.count(), SOON).toBe(2);
});
