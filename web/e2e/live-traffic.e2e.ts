/** The page of the packets: following them, standing still, looking at one, filtering. */

import { describe, expect } from "vitest";
import { strings } from "../src/lib/strings";
import type { Timed } from "./packets/capture-file";
import { udp } from "./packets/frames";
import type { Screen } from "./rig/screen";
import { test } from "./rig/test";
import { CAN_LAY_WIRES, INTERFACE } from "./rig/wire";

const SOON = { timeout: 10_000 };

const CLIENT = { address: "192.168.1.31", port: 0 };
const SERVER = { address: "198.51.100.44", port: 9_999 };

/** The datagrams numbered from `first`: number n has source port 10000 + n, and says so in its payload. */
function numbered(first: number, count: number): Timed[] {
  return Array.from({ length: count }, (_, place) => {
    const port = 10_000 + first + place;
    return { at_s: 0, frame: udp({ ...CLIENT, port }, SERVER, Buffer.from(`from port ${port}`)) };
  });
}

async function newestIs(screen: Screen, number: number): Promise<void> {
  await expect.poll(async () => (await screen.numbers()).at(-1), SOON).toBe(number);
}

describe.runIf(CAN_LAY_WIRES)("live traffic", () => {
  test("follows_the_newest_packet_until_somebody_scrolls_away", async ({ wire, program, watch }) => {
    const { page, screen } = await watch(program);
    await screen.start(INTERFACE);
    await screen.go("live");
    await wire.send(numbered(1, 300));
    await newestIs(screen, 300);
    await screen.following.waitFor();

    await screen.grid.hover();
    await page.mouse.wheel(0, -2_000);
    await screen.follow.waitFor();
    await expect.poll(async () => (await screen.numbers()).at(-1), SOON).toBeLessThan(300);
    const still = await screen.rowTexts();
    await wire.send(numbered(301, 200));
    await page.getByText(strings.view.paused("200")).waitFor();
    expect(await screen.rowTexts()).toEqual(still);

    await screen.follow.click();
    await newestIs(screen, 500);
  });

  test("a_paused_list_stays_paused_while_packets_come", async ({ wire, program, watch }) => {
    const { page, screen } = await watch(program, { height: 700 });
    await screen.start(INTERFACE);
    await screen.go("live");
    // Two seconds of packets, 2 ms apart.
    const stream = numbered(1, 1_000).map(({ frame }, place) => ({ at_s: place * 0.002, frame }));
    const sending = wire.send(stream, Date.now());
    await expect.poll(async () => (await screen.numbers()).at(-1) ?? 0, SOON).toBeGreaterThan(100);
    await screen.control(strings.view.livePause).click();
    const waiting = page.getByText(/packets waiting/);
    await waiting.waitFor();
    // A larger window moves the list to its end, and is no wish to go on.
    await page.setViewportSize({ width: 1440, height: 1_000 });
    await sending;
    // What is shown and what waits is all there is.
    const shown = async () => (await screen.numbers()).at(-1) ?? 0;
    const waits = async () => Number((await waiting.textContent())?.match(/\d+/)?.[0]);
    await expect.poll(async () => (await shown()) + (await waits()), SOON).toBe(1_000);
    expect(await shown()).toBeLessThan(1_000);
    await page.getByRole("banner").getByRole("button", { name: strings.view.resume }).first().click();
    await newestIs(screen, 1_000);
  });

  test("a_selected_packet_shows_its_bytes", async ({ wire, program, watch }) => {
    const { page, screen } = await watch(program, { path: "live" });
    await screen.go("dashboard");
    await screen.start(INTERFACE);
    await screen.go("live");
    await wire.send(numbered(1, 40));
    await newestIs(screen, 40);
    await screen.rows.filter({ hasText: "10033" }).click();
    // Behind 14 bytes of Ethernet, 20 of IP and 8 of UDP stand the letters: "from port 10033".
    await expect.poll(() => screen.details.innerText(), SOON).toMatch(/66 72 6f 6d/);
    expect(await screen.details.innerText()).toContain("192.168.1.31");

    await screen.grid.focus();
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => screen.details.innerText(), SOON).toContain("10032");
    await page.keyboard.press("Escape");
    await screen.details.waitFor({ state: "detached" });
  });

  test("a_text_narrows_the_list_and_its_end_brings_all_back", async ({ wire, program, watch }) => {
    const { page, screen } = await watch(program);
    await screen.start(INTERFACE);
    await screen.go("live");
    await wire.send(numbered(1, 120));
    await newestIs(screen, 120);
    await screen.packetFilter.fill("10042");
    await expect.poll(() => screen.numbers(), SOON).toEqual([42]);
    expect(new URL(page.url()).searchParams.get("filter")).toMatch(/10042/);
    // What comes later is searched too.
    await wire.send(numbered(42, 1));
    await expect.poll(() => screen.numbers(), SOON).toEqual([42, 121]);
    await screen.packetFilter.fill("");
    await expect.poll(async () => (await screen.numbers()).slice(-3), SOON).toEqual([119, 120, 121]);
  });
});
