/** What the page does when the program, the interface or packets get lost. */

import { describe, expect } from "vitest";
import { strings } from "../src/lib/strings";
import { udp } from "./packets/frames";
import { office } from "./packets/office";
import { test } from "./rig/test";
import { CAN_LAY_WIRES, INTERFACE } from "./rig/wire";

const { states, banner, dashboard } = strings;

const TRAFFIC = office({ volume: 0.05, lasts_s: 5 });
const SOON = { timeout: 10_000 };

/** More than the longest wait between two tries to connect. */
const BACK_SOON = { timeout: 20_000 };

/** The browser's own words about a program that is not there. */
const REFUSED = /WebSocket|ERR_CONNECTION/;

/** The code of a page, as the build names it. */
const PAGE_CODE = /assets\/Protocols-/;

/** The code of a dialog, likewise. */
const HELP_CODE = /assets\/HelpDialog-/;

/** The browser's own words about code that does not come. */
const NOT_LOADED = /ERR_FAILED|ERR_CONNECTION|WebSocket|dynamically imported|could not be loaded/;

describe("pages that were not opened yet", () => {
  test("without_the_program_they_open_and_nothing_reloads", async ({ program, watch }) => {
    const viewer = await watch(program);
    const { page, screen } = viewer;
    viewer.expect(NOT_LOADED);
    await screen.firstStart.waitFor();
    // Loaded in a quiet moment, without anybody asking for it.
    const loaded = () =>
      page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    await expect.poll(async () => (await loaded()).some((name) => PAGE_CODE.test(name)), SOON).toBe(true);
    await program.kill();
    await screen.alert(banner.lost).waitFor();
    await page.evaluate(() => {
      document.body.dataset.kept = "";
    });
    await screen.go("protocols");
    await screen.main.getByText(strings.packets.noneYet).waitFor();
    await screen.alert(banner.lost).waitFor();
    expect(await page.locator("body[data-kept]").count()).toBe(1);
  });

  test("one_whose_code_does_not_come_says_so_in_its_place_and_can_be_tried_again", async ({
    program,
    watch,
  }) => {
    const viewer = await watch(program);
    const { page, screen } = viewer;
    viewer.expect(NOT_LOADED);
    await page.route(PAGE_CODE, (route) => route.abort());
    await page.reload();
    await screen.firstStart.waitFor();
    await screen.go("protocols");
    const failed = screen.alert(strings.errors.pageNotLoaded);
    await failed.waitFor();
    await screen.state(states.idle).waitFor();
    await page.unroute(PAGE_CODE);
    await failed.getByRole("button", { name: strings.panel.retry }).click();
    await screen.main.getByText(strings.packets.noneYet).waitFor();
  });

  test("a_dialog_whose_code_does_not_come_leaves_the_page_as_it_is", async ({ program, watch }) => {
    const viewer = await watch(program);
    const { page, screen } = viewer;
    viewer.expect(NOT_LOADED);
    await page.route(HELP_CODE, (route) => route.abort());
    await page.reload();
    await screen.firstStart.waitFor();
    await page.keyboard.press("?");
    await screen.alert(strings.panel.failed).waitFor();
    expect(await screen.firstStart.isVisible()).toBe(true);
  });
});

describe.runIf(CAN_LAY_WIRES)("losses", () => {
  test("without_the_program_the_last_numbers_stay_dimmed_until_it_is_back", async ({
    wire,
    program,
    start,
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

    await start({ port: program.port });
    await expect.poll(() => screen.state(states.idle).count(), BACK_SOON).toBe(1);
    await screen.alert(banner.lost).waitFor({ state: "detached" });
    await screen.firstStart.waitFor();
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
