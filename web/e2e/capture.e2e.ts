/** A capture from its start to its end, and a capture file after it. */

import { describe, expect } from "vitest";
import { strings } from "../src/lib/strings";
import { captureFile } from "./packets/capture-file";
import { OFFICE_S, office } from "./packets/office";
import { test } from "./rig/test";
import { CAN_LAY_WIRES, INTERFACE } from "./rig/wire";

const { states, capture, dashboard, confirm } = strings;

/** Little of everything, for long enough that rates can be read. */
const TRAFFIC = office({ volume: 0.05, lasts_s: 4 });

const SOON = { timeout: 10_000 };

describe.runIf(CAN_LAY_WIRES)("a capture on an interface", () => {
  test("started_by_mouse_it_counts_every_packet_and_survives_a_reload", async ({ wire, program, watch }) => {
    const { page, screen } = await watch(program);
    await screen.start(INTERFACE);
    const sending = wire.send(TRAFFIC, Date.now());
    await expect.poll(() => screen.reading(dashboard.inbound), SOON).not.toMatch(/^(–|0|)$/);
    const before = await screen.reading(dashboard.packets);
    await expect.poll(() => screen.reading(dashboard.packets), SOON).not.toBe(before);
    await expect.poll(() => screen.rows.count(), SOON).toBeGreaterThan(5);
    await page.reload();
    await screen.state(`${states.running.interface} ${INTERFACE}`).waitFor();
    await sending;
    // Nothing else speaks on the wire.
    await expect.poll(() => screen.packets(), SOON).toBe(TRAFFIC.length);

    const { screen: other } = await watch(program, { theme: "light" });
    await expect.poll(() => other.packets(), SOON).toBe(TRAFFIC.length);
    await screen.stop();
    await other.state(states.finished).waitFor();
    expect([await screen.packets(), await other.packets()]).toEqual([TRAFFIC.length, TRAFFIC.length]);
    expect(await screen.rows.count()).toBeGreaterThan(5);
    await screen.panel(dashboard.throughput).waitFor();
  });

  test("started_and_stopped_by_keyboard_alone", async ({ wire, program, watch }) => {
    const { page, screen } = await watch(program);
    await screen.interface(INTERFACE).waitFor();
    await screen.interface(INTERFACE).focus();
    await page.keyboard.press("Space");
    await screen.tabTo(capture.start);
    await page.keyboard.press("Enter");
    await screen.state(`${states.running.interface} ${INTERFACE}`).waitFor();
    await wire.send(TRAFFIC.slice(0, 20));
    await expect.poll(() => screen.packets(), SOON).toBe(20);
    await page.keyboard.press("g");
    await page.keyboard.press("l");
    await screen.packetFilter.waitFor();
    await screen.tabTo(capture.stop);
    await page.keyboard.press("Enter");
    await screen.state(states.finished).waitFor();
    expect(await screen.packets()).toBe(20);
  });

  test("a_dropped_file_takes_the_place_of_a_capture_only_when_that_is_wanted", async ({
    wire,
    program,
    watch,
  }) => {
    const { screen } = await watch(program);
    await screen.start(INTERFACE);
    await wire.send(TRAFFIC.slice(0, 20));
    await expect.poll(() => screen.packets(), SOON).toBe(20);
    await screen.stop();

    const file = captureFile(TRAFFIC, 1_700_000_000);
    await screen.drop("office.pcap", file);
    await screen.dialog.getByRole("button", { name: confirm.keep }).click();
    expect(await screen.packets()).toBe(20);
    await screen.drop("office.pcap", file);
    await screen.dialog.getByRole("button", { name: confirm.replace }).click();
    await expect.poll(() => screen.packets(), SOON).toBe(TRAFFIC.length);

    await screen.control(capture.close).click();
    await screen.firstStart.waitFor();
  });

  test("reset_asks_and_then_begins_anew", async ({ wire, program, watch }) => {
    const { screen } = await watch(program);
    await screen.start(INTERFACE);
    await wire.send(TRAFFIC.slice(0, 20));
    await expect.poll(() => screen.packets(), SOON).toBe(20);
    await screen.stop();
    await screen.control(capture.reset).click();
    await screen.dialog.getByRole("button", { name: confirm.reset, exact: true }).click();
    await screen.firstStart.waitFor();
  });
});

test("a_dropped_capture_file_is_shown_and_closed", async ({ program, watch }) => {
  const { screen } = await watch(program);
  await screen.firstStart.waitFor();
  const minute = office({ volume: 0.02, lasts_s: OFFICE_S });
  await screen.drop("minute.pcap", captureFile(minute, 1_700_000_000));
  await expect.poll(() => screen.packets(), SOON).toBe(minute.length);
  await screen.state(states.finished).waitFor();
  await expect.poll(() => screen.reading(dashboard.inbound), SOON).toMatch(/\d/);
  await screen.control(capture.close).click();
  await screen.firstStart.waitFor();
});
