/** The capture filter: what it refuses, and what it lets through. */

import { describe, expect } from "vitest";
import { strings } from "../src/lib/strings";
import { office } from "./packets/office";
import { accessibilityComplaints } from "./rig/judge";
import { test } from "./rig/test";
import { CAN_LAY_WIRES, INTERFACE } from "./rig/wire";

const { states, capture, confirm, dashboard } = strings;

const TRAFFIC = office({ volume: 0.05, lasts_s: 5 });
const SOON = { timeout: 10_000 };

/** UDP to or from port 53, found by the bytes and not by any filter: port fields behind 14 bytes of Ethernet and the IP header. */
const LOOK_UPS = TRAFFIC.filter(({ frame }) => {
  const v6 = frame.readUInt16BE(12) === 0x86dd;
  const [protocol, ports] = v6 ? [frame[20], 54] : [frame[23], 34];
  return protocol === 17 && (frame.readUInt16BE(ports) === 53 || frame.readUInt16BE(ports + 2) === 53);
});

describe.runIf(CAN_LAY_WIRES)("the capture filter", () => {
  test("a_wrong_one_is_refused_at_its_field_and_what_was_measured_stays", async ({
    wire,
    program,
    watch,
  }) => {
    const { screen } = await watch(program);
    await screen.start(INTERFACE);
    await wire.send(TRAFFIC.slice(0, 20));
    await expect.poll(() => screen.packets(), SOON).toBe(20);
    await screen.stop();

    await screen.captureFilter.fill("udp prot 53");
    await screen.control(capture.start).click();
    await screen.dialog.getByRole("button", { name: confirm.replace }).click();
    await screen.alert(/udp prot 53/).waitFor();
    await expect.poll(() => screen.captureFilter.getAttribute("aria-invalid"), SOON).toBe("true");
    const described = await screen.captureFilter.getAttribute("aria-describedby");
    expect(described).not.toBeNull();
    expect(await screen.packets()).toBe(20);
    await screen.panel(dashboard.throughput).waitFor();
  });

  test("what_is_wrong_with_it_can_be_read_on_a_phone", async ({ wire: _, program, watch }) => {
    const { page, screen } = await watch(program, { width: 390, height: 844 });
    await screen.interface(INTERFACE).click();
    await screen.captureFilter.fill("udp prot 53");
    await screen.firstStart.click();
    const alert = screen.alert(/udp prot 53/);
    await alert.waitFor();
    const box = await alert.boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? Number.POSITIVE_INFINITY)).toBeLessThanOrEqual(390);
    expect(await accessibilityComplaints(page)).toEqual([]);
  });

  test("a_right_one_lets_only_its_packets_through", async ({ wire, program, watch }) => {
    const { screen } = await watch(program);
    await screen.captureFilter.fill("udp port 53");
    await screen.start(INTERFACE);
    await wire.send(TRAFFIC);
    expect(LOOK_UPS.length).toBeGreaterThan(0);
    await expect.poll(() => screen.packets(), SOON).toBe(LOOK_UPS.length);
    await screen.stop();
    await screen.state(states.finished).waitFor();
    expect(await screen.packets()).toBe(LOOK_UPS.length);
  });
});
