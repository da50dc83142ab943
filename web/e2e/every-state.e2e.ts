/** Every state of every page: accessible in both themes, and fitting every screen. */

import { describe, expect } from "vitest";
import { strings } from "../src/lib/strings";
import { captureFile } from "./packets/capture-file";
import { office } from "./packets/office";
import { accessibilityComplaints, overflow } from "./rig/judge";
import { test } from "./rig/test";
import type { Viewer } from "./rig/viewer";
import { CAN_LAY_WIRES, INTERFACE } from "./rig/wire";

const { states, banner, permission, capture } = strings;

const TRAFFIC = office({ volume: 0.05, lasts_s: 5 });
const SOON = { timeout: 10_000 };

const DESKTOP = 1440;
const PHONE = 390;
/** The narrowest screen of WCAG 2.2, 1.4.10, and 1280 pixels at a zoom of 200 %. */
const WIDTHS = [320, PHONE, 640];

const PAGES = [
  "dashboard",
  "live",
  "flows",
  "hosts",
  "apps",
  "protocols",
  "composition",
  "map",
  "summaries",
  "findings",
  "report",
] as const;

/** Judges the pages as they stand; the width stays as it was. */
async function judge({ page, screen }: Viewer): Promise<void> {
  const complaints: string[] = [];
  for (const name of PAGES) {
    await screen.go(name);
    for (const width of [DESKTOP, PHONE]) {
      await page.setViewportSize({ width, height: 1000 });
      for (const complaint of await accessibilityComplaints(page))
        complaints.push(`${name} at ${width}: ${complaint}`);
    }
    for (const width of WIDTHS) {
      for (const complaint of await overflow(page, width))
        complaints.push(`${name} at ${width}: ${complaint}`);
    }
    await page.setViewportSize({ width: DESKTOP, height: 1000 });
  }
  await screen.go("dashboard");
  expect(complaints).toEqual([]);
}

describe.runIf(CAN_LAY_WIRES)("on an interface", () => {
  test("first_run_running_and_finished_have_no_fault", async ({ wire, program, watch }) => {
    const viewer = await watch(program);
    const { screen } = viewer;
    await screen.interface(INTERFACE).waitFor();
    await judge(viewer);
    await screen.start(INTERFACE);
    await judge(viewer);
    await wire.send(TRAFFIC);
    await expect.poll(() => screen.packets(), SOON).toBe(TRAFFIC.length);
    await judge(viewer);
    await screen.go("live");
    await screen.rows.first().click();
    await screen.details.waitFor();
    expect(await accessibilityComplaints(viewer.page)).toEqual([]);
    await screen.stop();
    await judge(viewer);
  });

  test("failed_has_no_fault", async ({ wire, program, watch }) => {
    const viewer = await watch(program);
    const { screen } = viewer;
    await screen.start(INTERFACE);
    await wire.send(TRAFFIC);
    await expect.poll(() => screen.packets(), SOON).toBe(TRAFFIC.length);
    await wire.cut();
    await screen.state(states.failed).waitFor();
    await judge(viewer);
  });
});

test("capture_file_and_lost_program_have_no_fault", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page, screen } = viewer;
  viewer.expect(/WebSocket|ERR_CONNECTION/);
  await screen.firstStart.waitFor();
  await screen.drop("office.pcap", captureFile(TRAFFIC, 1_700_000_000));
  await expect.poll(() => screen.packets(), SOON).toBe(TRAFFIC.length);
  await judge(viewer);
  // Loaded while the program is there: what comes after it is gone must need nothing more.
  for (const name of PAGES.toReversed()) await screen.go(name);
  await program.kill();
  await screen.alert(banner.lost).waitFor();
  await judge(viewer);
  await page.keyboard.press("?");
  await screen.dialog.waitFor();
  expect(await accessibilityComplaints(page)).toEqual([]);
});

test("no_permission_has_no_fault", async ({ start, watch }) => {
  const program = await start({ mayCapture: false });
  const viewer = await watch(program);
  await viewer.page.getByText(permission.title).waitFor();
  await judge(viewer);
});

test("at_a_zoom_of_two_hundred_percent_everything_can_be_reached", async ({ program, watch }) => {
  const { page, screen } = await watch(program, { width: 640, height: 400 });
  await screen.firstStart.waitFor();
  await screen.drop("office.pcap", captureFile(TRAFFIC, 1_700_000_000));
  await expect.poll(() => screen.packets(), SOON).toBe(TRAFFIC.length);
  await screen.grid.scrollIntoViewIfNeeded();
  expect(await screen.rows.count()).toBeGreaterThan(2);
  await screen.go("live");
  await expect.poll(() => screen.rows.count(), SOON).toBeGreaterThan(2);
  await screen.rows.first().click();
  await screen.details.waitFor();
  await page.keyboard.press("Escape");
  await screen.control(capture.close).click();
  await screen.go("dashboard");
  await screen.firstStart.waitFor();
});
