/** The map: what is on it, what is not, and that it can do without a pointer. */

import { expect } from "vitest";
import { mapStrings } from "../src/lib/map-strings";
import { strings } from "../src/lib/strings";
import { captureFile, type Timed } from "./packets/capture-file";
import { Chance } from "./packets/chance";
import { webTransfer } from "./packets/conversations";
import { accessibilityComplaints, overflow } from "./rig/judge";
import { test } from "./rig/test";
import type { Viewer } from "./rig/viewer";

const SOON = { timeout: 10_000 };
const WIDTHS = [320, 390, 640];

const CLIENT = "192.168.1.80";

/** Registries of addresses, each in the country of its own office; and a resolver that is announced from everywhere. */
const AMSTERDAM = { address: "193.0.6.139", name: "www.ripe.net", country: "Netherlands", code: "NL" };
const SAO_PAULO = { address: "200.160.2.3", name: "registro.br", country: "Brazil", code: "BR" };
const BRISBANE = { address: "202.12.29.175", name: "www.apnic.net", country: "Australia", code: "AU" };
const EVERYWHERE = { address: "8.8.8.8", name: "dns.google", country: "United States", code: "US" };
/** Nowhere: an address of documents. */
const DOCUMENT = { address: "192.0.2.80", name: "news.example.org" };

interface Server {
  address: string;
  name: string;
}

/** Something fetched from each server; the first sends the most. */
function downloads(servers: readonly Server[]): Timed[] {
  const chance = new Chance(7);
  return servers
    .flatMap(({ address, name }, place) =>
      webTransfer(
        {
          client: { address: CLIENT, port: 50_300 + place },
          server: { address, port: 80 },
          from_s: 0.1 + place / 10,
          name,
          way: "down" as const,
          bytes: Math.round(200_000 / (place + 1)),
          lasts_s: 1,
        },
        chance,
      ),
    )
    .sort((first, second) => first.at_s - second.at_s);
}

/** Opens the map on a file with a download from each server. */
async function read({ page, screen }: Viewer, servers: readonly Server[]): Promise<void> {
  await screen.drop("downloads.pcap", captureFile(downloads(servers), 1_700_000_000));
  await screen.state(strings.states.finished).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await screen.panel(mapStrings.title).waitFor();
  expect(new URL(page.url()).pathname).toBe("/map");
}

const EVERY = [AMSTERDAM, SAO_PAULO, BRISBANE, EVERYWHERE, DOCUMENT];

test("places_are_drawn_listed_and_lead_to_their_hosts", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page, screen } = viewer;
  await read(viewer, EVERY);
  const options = page.getByRole("listbox", { name: mapStrings.options }).getByRole("option");
  await expect.poll(() => options.count(), SOON).toBeGreaterThanOrEqual(3);
  const words = await options.allInnerTexts();
  for (const { country } of [AMSTERDAM, SAO_PAULO, BRISBANE])
    expect(words.some((text) => text.includes(country))).toBe(true);
  // A file says not where it was taken: no arcs, and how to tell it.
  await page.getByText(mapStrings.noHereOption).waitFor();
  const whole = await screen.drawing(mapStrings.title);
  expect(whole.length).toBeGreaterThan(5_000);
  await page.getByRole("button", { name: mapStrings.zoomIn }).click();
  await expect.poll(() => screen.drawing(mapStrings.title), SOON).not.toBe(whole);
  const out = page.getByRole("button", { name: mapStrings.zoomOut });
  expect(await out.isEnabled()).toBe(true);
  await page.keyboard.press("Escape");
  await expect.poll(() => out.isDisabled(), SOON).toBe(true);
  expect(await accessibilityComplaints(page)).toEqual([]);

  // What is on no map is counted beside it.
  const countries = screen.panel(mapStrings.countries);
  expect(await countries.getByText(mapStrings.notGlobal).locator("..").innerText()).toContain("1 host");
  expect(await countries.getByRole("listitem").first().innerText()).toContain(AMSTERDAM.country);

  await page.getByRole("radio", { name: mapStrings.views.list }).click();
  expect(new URL(page.url()).searchParams.get("view")).toBe("list");
  await screen.main.getByRole("button", { name: AMSTERDAM.country }).click();
  const sheet = page.getByRole("region", { name: mapStrings.sheet, exact: true });
  await sheet.getByText(AMSTERDAM.address).waitFor();
  expect(new URL(page.url()).searchParams.get("sel")).toBe(AMSTERDAM.code);
  expect(await accessibilityComplaints(page)).toEqual([]);
  await sheet.getByRole("link", { name: new RegExp(AMSTERDAM.name) }).click();
  await expect.poll(() => new URL(page.url()).pathname, SOON).toBe("/hosts");
  expect(new URL(page.url()).searchParams.get("sel")).toBe(AMSTERDAM.address);
  await page.goBack();
  await sheet.waitFor();
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });
  await countries.getByRole("link", { name: new RegExp(SAO_PAULO.country) }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get("country"), SOON).toBe(SAO_PAULO.code);
});

test("what_is_announced_from_everywhere_is_not_where_it_is_said_to_be", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page, screen } = viewer;
  await read(viewer, [AMSTERDAM, EVERYWHERE]);
  const options = page.getByRole("listbox", { name: mapStrings.options }).getByRole("option");
  await options.filter({ hasText: mapStrings.anycast }).first().waitFor();
  await page.getByRole("radio", { name: mapStrings.views.list }).click();
  const doubted = screen.main.getByRole("row").filter({ hasText: mapStrings.anycast });
  await doubted.getByRole("button").click();
  const sheet = page.getByRole("region", { name: mapStrings.sheet, exact: true });
  await sheet.getByText(EVERYWHERE.address).first().waitFor();
});

test("by_keyboard_alone_a_place_is_found_opened_and_closed", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page } = viewer;
  await read(viewer, EVERY);
  const list = page.getByRole("listbox", { name: mapStrings.options });
  await list.focus();
  await page.keyboard.press("Home");
  await page.getByRole("tooltip").getByText(AMSTERDAM.country).waitFor();
  await page.keyboard.press("Enter");
  expect(new URL(page.url()).searchParams.get("sel")).toBe(AMSTERDAM.code);
  const sheet = page.getByRole("region", { name: mapStrings.sheet, exact: true });
  await sheet.waitFor();
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });
});

test("without_a_global_address_the_map_says_why_it_is_empty", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page, screen } = viewer;
  await read(viewer, [DOCUMENT]);
  await page.getByText(mapStrings.none).waitFor();
  expect(
    await screen.panel(mapStrings.countries).getByText(mapStrings.notGlobal).locator("..").innerText(),
  ).toContain("1 host");
  expect(await accessibilityComplaints(page)).toEqual([]);
});

test("the_first_page_has_the_map_small_and_a_phone_has_it_whole", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page, screen } = viewer;
  await read(viewer, EVERY);
  for (const width of WIDTHS) expect(await overflow(page, width)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await accessibilityComplaints(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 1000 });
  await screen.go("dashboard");
  const small = screen.panel(mapStrings.destinations);
  await small.getByRole("link", { name: new RegExp(mapStrings.openMap) }).click();
  await screen.panel(mapStrings.title).waitFor();
  await screen.go("dashboard");
  await page.setViewportSize({ width: 390, height: 844 });
  // No room for places: the countries, ranked, each leading to the map.
  await small.getByTitle(mapStrings.onTheMap(AMSTERDAM.country)).click();
  await expect.poll(() => new URL(page.url()).searchParams.get("sel"), SOON).toBe(AMSTERDAM.code);
});
