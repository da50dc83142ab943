/** The demo: traffic that the program makes up, for somebody who may not capture or has nothing to look at yet. */

import { describe, expect } from "vitest";
import { hostStrings } from "../src/lib/host-strings";
import { mapStrings } from "../src/lib/map-strings";
import { placeStrings } from "../src/lib/place-strings";
import { strings } from "../src/lib/strings";
import { accessibilityComplaints, overflow } from "./rig/judge";
import type { Screen } from "./rig/screen";
import { test } from "./rig/test";

const { demo, states, capture, dashboard, permission } = strings;

const PLAYING = `${states.running.demo} ${demo.inSentence}`;

/** From the first page of numbers to a dashboard of which every part has moved. */
const ALIVE_WITHIN_MS = 3_000;
const SOON = { timeout: 10_000 };

const CARDS = [
  dashboard.inbound,
  dashboard.outbound,
  dashboard.goodput,
  dashboard.packets,
  dashboard.flows,
] as const;
const DRAWN = [dashboard.throughput, dashboard.packetRate] as const;
const TOLD = [dashboard.talkers, dashboard.protocols, dashboard.composition, dashboard.hosts] as const;

/** Everything on the dashboard that moves, as it looks at this moment, by its title. */
async function sample(screen: Screen): Promise<Map<string, string>> {
  const looks = new Map<string, string>();
  for (const card of CARDS) looks.set(card, await screen.reading(card));
  for (const title of DRAWN) looks.set(title, await screen.drawing(title));
  for (const title of TOLD) looks.set(title, await screen.panel(title).innerHTML());
  looks.set(dashboard.latestPackets, (await screen.rowTexts()).join("\n"));
  return looks;
}

/** The parts of the dashboard that look as they did. */
async function still(screen: Screen, before: Map<string, string>): Promise<string[]> {
  const after = await sample(screen);
  return [...before.keys()].filter((title) => before.get(title) === after.get(title));
}

test("within_three_seconds_of_one_click_every_panel_has_moved_without_any_right", async ({
  start,
  watch,
}) => {
  const program = await start({ mayCapture: false });
  const { page, screen } = await watch(program);
  await page.getByText(permission.title).waitFor();
  await screen.showDemo.click();
  const deadline_ms = Date.now() + ALIVE_WITHIN_MS;
  const left = () => Math.max(1, deadline_ms - Date.now());
  await screen.panel(dashboard.hosts).waitFor({ timeout: left() });
  const before = await sample(screen);
  await expect.poll(() => still(screen, before), { timeout: left(), interval: 100 }).toEqual([]);
  await screen.state(PLAYING).waitFor();
  await page.getByText(demo.playing).waitFor();
  expect(await page.title()).toContain(demo.name);
  expect(await screen.status.innerText()).toMatch(/\d\d:\d\d:\d\d/);
});

test("by_keyboard_it_starts_goes_on_after_a_reload_stops_and_starts_anew", async ({ start, watch }) => {
  const program = await start({ mayCapture: false });
  const { page, screen } = await watch(program);
  await screen.showDemo.waitFor();
  await screen.tabTo(demo.show);
  await page.keyboard.press("Enter");
  await screen.state(PLAYING).waitFor();
  await expect.poll(() => screen.packets(), SOON).toBeGreaterThan(50);
  const counted = await screen.packets();

  await page.reload();
  await screen.state(PLAYING).waitFor();
  await expect.poll(() => screen.packets(), SOON).toBeGreaterThan(counted);

  await screen.tabTo(demo.stop);
  await page.keyboard.press("Enter");
  await screen.state(states.demoStopped).waitFor();
  await page.getByText(demo.stopped).waitFor();
  const kept = await screen.packets();
  expect(kept).toBeGreaterThan(counted);
  expect(await screen.rows.count()).toBeGreaterThan(2);

  await screen.control(demo.again).click();
  await screen.state(PLAYING).waitFor();
  await expect.poll(() => screen.packets(), SOON).toBeLessThan(kept);
  await expect.poll(() => screen.packets(), SOON).toBeGreaterThan(0);
});

test("by_name_it_starts_from_the_packets_and_is_left_for_the_interfaces", async ({ program, watch }) => {
  const { page, screen } = await watch(program, { path: "live" });
  await screen.showDemo.waitFor();
  await screen.command(demo.show);
  await screen.state(PLAYING).waitFor();
  await expect.poll(() => screen.rows.count(), SOON).toBeGreaterThan(5);
  // What is typed into the field would be refused: there is nothing to type.
  expect(await screen.captureFilter.isEditable()).toBe(false);
  expect(await screen.captureFilter.getAttribute("title")).toBe(capture.filterOnDemo);
  await screen.control(demo.leave).click();
  await screen.firstStart.waitFor();
  expect(new URL(page.url()).pathname).toBe("/");
  await screen.state(states.idle).waitFor();
});

describe("the demo's page has no fault", () => {
  test("while_it_plays_and_when_it_has_stopped", async ({ program, watch }) => {
    const { page, screen } = await watch(program);
    await screen.showDemo.click();
    await screen.panel(dashboard.hosts).waitFor();
    await expect.poll(() => screen.packets(), SOON).toBeGreaterThan(100);
    const complaints: string[] = [];
    for (const state of ["playing", "stopped"]) {
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 1000 });
        for (const complaint of await accessibilityComplaints(page))
          complaints.push(`${state} at ${width}: ${complaint}`);
      }
      for (const width of [320, 390, 640])
        for (const complaint of await overflow(page, width))
          complaints.push(`${state} at ${width}: ${complaint}`);
      if (state === "playing") {
        await screen.control(demo.stop).click();
        await screen.state(states.demoStopped).waitFor();
      }
    }
    expect(complaints).toEqual([]);
  });
});

test("on_the_command_line_it_plays_at_once", async ({ start, watch }) => {
  const program = await start({ command: "demo", mayCapture: false });
  const { screen } = await watch(program);
  await screen.state(PLAYING).waitFor();
  await expect.poll(() => screen.packets(), SOON).toBeGreaterThan(0);
});

/** The machines with most traffic, by what they say of themselves: by multicast DNS, DHCP and LLMNR. */
test("its_hosts_are_listed_by_the_names_that_they_say", async ({ program, watch }) => {
  const { screen } = await watch(program);
  await screen.showDemo.click();
  await screen.state(PLAYING).waitFor();
  await screen.go("hosts");
  for (const name of ["meeting-room-tv.local", "field-laptop", "reception-pc"])
    await expect
      .poll(async () => (await screen.column(hostStrings.columns.host)).join("\n"), SOON)
      .toContain(name);
});

/** The registries' countries of services that answer from where they say, and of some that do not. */
test("its_map_has_arcs_from_its_office_and_shows_what_is_not_there", async ({ program, watch }) => {
  const { page, screen } = await watch(program);
  await screen.showDemo.click();
  await screen.state(PLAYING).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await screen.panel(mapStrings.title).waitFor();
  // Arcs begin where the capture is taken, which the legend tells.
  await screen.panel(mapStrings.title).getByText(mapStrings.here(placeStrings.hereSources.demo)).waitFor();
  expect(await page.getByText(mapStrings.noHereOption).count()).toBe(0);
  const options = page.getByRole("listbox", { name: mapStrings.options }).getByRole("option");
  const ofCountry = (name: string) => options.filter({ hasText: name });
  // Of American services some answer sooner than light would; the Netherlands are near enough.
  await ofCountry("United States")
    .filter({ hasText: mapStrings.legend.notThere.toLowerCase() })
    .waitFor(SOON);
  await ofCountry("Netherlands").waitFor(SOON);
  expect(await ofCountry("Netherlands").innerText()).not.toContain(mapStrings.notThere.toLowerCase());
});
