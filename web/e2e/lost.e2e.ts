/** What the page does when the program, the interface or packets get lost. */

import { describe, expect } from "vitest";
import { strings } from "../src/lib/strings";
import { udp } from "./packets/frames";
import { office } from "./packets/office";
import { Program } from "./rig/program";
import { test } from "./rig/test";
import { CAN_LAY_WIRES, INTERFACE } from "./rig/wire";

const { states, banner, dashboard } = strings;

const TRAFFIC = office({ volume: 0.05, lasts_s: 5 });
const SOON = { timeout: 10_000 };

/** More than the longest wait between two tries to connect. */
const BACK_SOON = { timeout: 20_000 };

/** The browser's own words about a program that is not there. */
const REFUSED = /WebSocket|ERR_CONNECTION/;

describe.runIf(CAN_LAY_WIRES)("losses", () => {
  test("without_the_program_the_last_numbers_stay_dimmed_until_it_is_back", async ({
    wire,
    program,
    watch,
  }) => {
    const viewer = await watch(program);
    const { screen } = viewer;
    viewer.expect(REFUSED);
    await screen.start(INTERFACE);
    await wire.send(TRAFFIC);
    await expect.poll(() => screen.packets(), SOON).toBe(TRAFFIC.length);

    await program.kill();
    await screen.alert(banner.lost).waitFor();
    await expect
      .poll(() => screen.main.evaluate((main) => Number(getComputedStyle(main).opacity)), SOON)
      .toBeLessThan(1);
    await screen.panel(dashboard.throughput).waitFor();
    expect(await screen.rows.count()).toBeGreaterThan(5);
    // Numbers of this moment are none after five seconds.
    await expect.poll(() => screen.reading(dashboard.inbound), SOON).toBe("–");

    const again = await Program.start({ port: program.port });
    try {
      await expect.poll(() => screen.state(states.idle).count(), BACK_SOON).toBe(1);
      await screen.alert(banner.lost).waitFor({ state: "detached" });
      await screen.firstStart.waitFor();
    } finally {
      await again.stop();
    }
  });

  test("an_interface_that_goes_away_ends_the_capture_with_its_reason", async ({ wire, program, watch }) => {
    const { screen } = await watch(program);
    await screen.start(INTERFACE);
    await wire.send(TRAFFIC);
    await expect.poll(() => screen.packets(), SOON).toBe(TRAFFIC.length);
    await wire.cut();
    await screen.state(states.failed).waitFor();
    await screen.alert(new RegExp(INTERFACE)).waitFor();
    expect(await screen.packets()).toBe(TRAFFIC.length);
    await expect.poll(() => screen.rows.count(), SOON).toBeGreaterThan(5);
  });

  test("packets_that_the_kernel_dropped_are_told", async ({ wire, program, watch }) => {
    const { screen } = await watch(program);
    await screen.start(INTERFACE);
    // A program that gets no processor time leaves its packets in the kernel, whose room is tens of megabytes.
    const large = udp(
      { address: "192.0.2.1", port: 1 },
      { address: "192.168.1.24", port: 2 },
      Buffer.alloc(1_400),
    );
    const burst = Array.from({ length: 60_000 }, () => ({ at_s: 0, frame: large }));
    await program.frozen(() => wire.send(burst));
    await screen.alert(/dropped/).waitFor();
  });
});
