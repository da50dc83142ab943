/** The page of the hosts: the list, one of them in full, and who is asked about them. */

import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import { hostStrings } from "../src/lib/host-strings";
import { originStrings } from "../src/lib/origin-strings";
import { strings } from "../src/lib/strings";
import { captureFile, type Timed } from "./packets/capture-file";
import { Chance } from "./packets/chance";
import { webTransfer } from "./packets/conversations";
import { accessibilityComplaints, isReadable, overflow } from "./rig/judge";
import { test } from "./rig/test";
import type { Viewer } from "./rig/viewer";

const { columns, sheet, charts, lookups, side } = hostStrings;

const SOON = { timeout: 10_000 };

const NEAR = "192.168.1.80";
const OTHER_NEAR = "192.168.1.57";
const NEWS = { address: "192.0.2.80", name: "news.example.org" };
const FILES = { address: "203.0.113.77", name: "files.example.net" };

/** Two local hosts, each with a server that its request names: the one of the news sends more. */
function twoDownloads(): Timed[] {
  const chance = new Chance(5);
  const from = (client: string, server: typeof NEWS, bytes: number) =>
    webTransfer(
      {
        client: { address: client, port: 50_200 },
        server: { address: server.address, port: 80 },
        from_s: 0.1,
        name: server.name,
        way: "down" as const,
        bytes,
        lasts_s: 1,
      },
      chance,
    );
  return [...from(NEAR, NEWS, 200_000), ...from(OTHER_NEAR, FILES, 50_000)].sort(
    (first, second) => first.at_s - second.at_s,
  );
}

/** Opens the page of hosts on a file of the two downloads. */
async function read({ page, screen }: Viewer): Promise<void> {
  await screen.drop("hosts.pcap", captureFile(twoDownloads(), 1_700_000_000));
  await screen.state(strings.states.finished).waitFor();
  await screen.go("hosts");
  await expect.poll(() => screen.rows.count(), SOON).toBe(4);
  expect(new URL(page.url()).pathname).toBe("/hosts");
}

test("hosts_are_listed_by_name_sorted_and_narrowed", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page, screen } = viewer;
  await read(viewer);
  // The server of the news and its client moved the same bytes; of equal ones the smaller address comes first.
  const first = (await screen.column(columns.host))[0] ?? "";
  expect(first).toContain(NEWS.name);
  expect(first).toContain(NEWS.address);
  // Of documents: no country, and the address says what it is.
  expect(first).toContain(originStrings.scopes.documentation);

  await screen.heading(columns.bytesOut).click();
  await expect.poll(async () => (await screen.column(columns.host))[0], SOON).toContain(NEWS.name);
  await screen.heading(columns.bytesOut).click();
  expect(await screen.heading(columns.bytesOut).getAttribute("aria-sort")).toBe("ascending");
  await expect.poll(async () => (await screen.column(columns.host))[3], SOON).toContain(NEWS.name);

  await page.getByRole("radio", { name: side.local, exact: true }).click();
  await expect.poll(() => screen.rows.count(), SOON).toBe(2);
  await page.getByText(hostStrings.of("2", "4")).waitFor();
  await page.getByRole("radio", { name: side.remote, exact: true }).click();
  await screen.hostFilter.fill("files");
  await expect.poll(() => screen.rows.count(), SOON).toBe(1);
  expect((await screen.column(columns.host))[0]).toContain(FILES.address);
  // The address holds it all, so that a reload shows the same.
  await page.reload();
  await expect.poll(() => screen.rows.count(), SOON).toBe(1);
  await screen.hostFilter.fill("nobody-is-called-so");
  await page.getByText(hostStrings.noMatchText(`${side.remote} nobody-is-called-so`)).waitFor();
  await page.getByRole("button", { name: hostStrings.clearAll }).click();
  await expect.poll(() => screen.rows.count(), SOON).toBe(4);
});

test("a_host_shows_who_it_is_and_leads_to_its_peers_flows_and_packets", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page, screen } = viewer;
  await read(viewer);
  await screen.rows.filter({ hasText: NEWS.name }).click();
  const facts = screen.host.getByRole("region", { name: sheet.facts });
  const told = facts.getByRole("listitem").filter({ hasText: NEWS.name });
  await told.waitFor();
  // Whoever says so is named beside it.
  const sources: string[] = Object.values(originStrings.nameSources);
  expect(sources).toContain((await told.innerText()).replace(NEWS.name, "").trim());
  expect(await facts.innerText()).toContain("RFC 5737");
  expect(new URL(page.url()).searchParams.get("sel")).toBe(NEWS.address);
  for (const chart of [charts.throughput, charts.packets, charts.rtt, charts.resent]) {
    await screen.host.getByRole("region", { name: chart, exact: true }).locator("canvas").waitFor();
  }
  expect(await accessibilityComplaints(page)).toEqual([]);

  // A peer is another host, and back leads to the one it was found in.
  await screen.host.getByTitle(sheet.openHost(NEAR)).click();
  await expect.poll(() => new URL(page.url()).searchParams.get("sel"), SOON).toBe(NEAR);
  await screen.host.getByTitle(sheet.openHost(NEWS.address)).waitFor();
  await page.goBack();
  await screen.host.getByTitle(sheet.openHost(NEAR)).waitFor();
  await screen.host.getByRole("link", { name: sheet.showFlows }).click();
  await expect.poll(() => screen.rows.count(), SOON).toBe(1);
  expect(new URL(page.url()).pathname).toBe("/flows");
  await page.goBack();
  await screen.host.getByRole("link", { name: sheet.showPackets }).click();
  await page.getByText(/^\d+ of [\d,]+$/).waitFor();
  expect(new URL(page.url()).searchParams.get("filter")).toBe(NEWS.address);
});

test("by_keyboard_alone_a_host_is_found_opened_and_closed", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page, screen } = viewer;
  await read(viewer);
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await screen.panel(strings.dashboard.hosts).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await expect.poll(() => screen.rows.count(), SOON).toBe(4);
  await screen.grid.focus();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await screen.host.waitFor();
  const first = new URL(page.url()).searchParams.get("sel");
  // An open sheet goes along.
  await page.keyboard.press("j");
  await expect.poll(() => new URL(page.url()).searchParams.get("sel"), SOON).not.toBe(first);
  await page.keyboard.press("Escape");
  await screen.host.waitFor({ state: "detached" });
});

test("the_dashboard_leads_to_a_host", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page, screen } = viewer;
  await read(viewer);
  await screen.go("dashboard");
  await screen
    .panel(strings.dashboard.hosts)
    .getByRole("link", { name: new RegExp(NEWS.name) })
    .click();
  await screen.host.getByRole("region", { name: sheet.facts }).waitFor();
  expect(new URL(page.url()).searchParams.get("sel")).toBe(NEWS.address);
});

test("nobody_is_asked_before_it_is_said_who_and_what", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page, screen } = viewer;
  await read(viewer);
  const panel = screen.panel(lookups.title);
  await panel.getByText(`${lookups.state(lookups.ipApi, lookups.off)}`).waitFor();
  await panel.getByRole("button", { expanded: false }).click();
  await panel.getByText(lookups.never).waitFor();
  const company = panel.getByRole("switch", { name: lookups.turnOn(lookups.ipApi) });
  expect(await company.getAttribute("aria-checked")).toBe("false");
  expect(await panel.innerText()).toContain("unencrypted");
  expect(await accessibilityComplaints(page)).toEqual([]);
});

test("on_a_phone_three_columns_fit_and_the_sheet_lies_over_them", async ({ program, watch }) => {
  const viewer = await watch(program, { width: 390, height: 844 });
  const { page, screen } = viewer;
  await read(viewer);
  expect(await screen.grid.getByRole("columnheader").count()).toBe(3);
  expect(await accessibilityComplaints(page)).toEqual([]);
  await screen.rows.first().click();
  await screen.host.getByRole("region", { name: sheet.facts }).waitFor();
  expect(await accessibilityComplaints(page)).toEqual([]);
  for (const width of [320, 390, 640]) expect(await overflow(page, width)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await screen.host.getByRole("button", { name: sheet.close }).click();
  await screen.host.waitFor({ state: "detached" });
  expect(await screen.rows.count()).toBe(4);
});

test("a_host_with_a_name_shows_its_address_too", async ({ program, watch }) => {
  const viewer = await watch(program, { width: 1440, height: 900 });
  const { page, screen } = viewer;
  await read(viewer);
  for (const { address, name } of [NEWS, FILES]) {
    const host = screen.rows.getByTitle(`${name} ${address}`);
    expect(await isReadable(host.getByText(name, { exact: true }))).toBe(true);
    expect(await isReadable(host.getByText(address, { exact: true }))).toBe(true);
  }
  // Where there is no room for all of it none of it is seen, and the name stays as it is.
  await screen.rows.first().click();
  await screen.host.waitFor();
  await page.setViewportSize({ width: 1280, height: 900 });
  const beside = screen.rows.getByTitle(`${NEWS.name} ${NEWS.address}`);
  await expect.poll(() => isReadable(beside.getByText(NEWS.address, { exact: true })), SOON).toBe(false);
  expect(await isReadable(beside.getByText(NEWS.name, { exact: true }))).toBe(true);
  const peer = screen.host.getByTitle(sheet.openHost(NEAR));
  await peer.scrollIntoViewIfNeeded();
  expect(await isReadable(peer.getByText(NEAR.slice(-9), { exact: true }))).toBe(true);
});

test("in_a_low_window_the_page_scrolls_and_eight_rows_stay", async ({ program, watch }) => {
  // A window of 1440 x 900 at 200 %.
  const viewer = await watch(program, { width: 720, height: 450 });
  const { page, screen } = viewer;
  await read(viewer);
  const [grid, row] = [await screen.grid.boundingBox(), await screen.rows.first().boundingBox()];
  const heading = await screen.grid.getByRole("columnheader").first().boundingBox();
  const rows = ((grid?.height ?? 0) - (heading?.height ?? 0)) / (row?.height ?? 1);
  expect(rows).toBeGreaterThanOrEqual(8);
  expect(await overflow(page, 720)).toEqual([]);
});

test("a_file_of_hosts_says_who_each_is", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page } = viewer;
  await read(viewer);
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: hostStrings.csv, exact: true }).click();
  const lines = (await readFile(await (await saving).path(), "utf8")).trim().split("\r\n");
  expect(lines.length).toBe(5);
  expect(lines[0]).toMatch(/^Name,Address,Scope,Local,Country,/);
  expect(lines.some((line) => line.startsWith(`${NEWS.name},${NEWS.address},documentation,no,`))).toBe(true);
});
