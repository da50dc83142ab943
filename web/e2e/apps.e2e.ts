/** The applications: what they are told by, where they lead, and labels by hand. */

import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import { appStrings } from "../src/lib/app-strings";
import { flowStrings } from "../src/lib/flow-strings";
import { ruleStrings } from "../src/lib/rule-strings";
import { strings } from "../src/lib/strings";
import { captureFile, type Timed } from "./packets/capture-file";
import { Chance } from "./packets/chance";
import { lookUp, tlsTransfer } from "./packets/conversations";
import { udp } from "./packets/frames";
import { accessibilityComplaints, overflow } from "./rig/judge";
import { test } from "./rig/test";
import type { Viewer } from "./rig/viewer";

const { columns, why, verdicts } = appStrings;

const SOON = { timeout: 10_000 };
const WIDTHS = [320, 390, 640];

const CLIENT = "192.168.1.31";
const RESOLVER = { address: "192.168.1.1", port: 53 };
const VIDEO = "www.netflix.com";
/** An address for documentation, in nobody's range: only the name tells whose it is. */
const VIDEO_SERVER = "198.51.100.8";
/** Speaks something that nobody knows. */
const CAMERA = { address: "203.0.113.9", port: 47_011 };

/** A name is looked up, its server talked to for a while; and something without a name. */
function evening(): Timed[] {
  const chance = new Chance(8);
  const video = {
    client: { address: CLIENT, port: 50_443 },
    server: { address: VIDEO_SERVER, port: 443 },
    from_s: 3,
    name: VIDEO,
    way: "down" as const,
    bytes: 300_000,
    lasts_s: 1,
  };
  const asked = { client: { address: CLIENT, port: 50_053 }, server: RESOLVER, from_s: 0 };
  const picture = { at_s: 2, frame: udp({ address: CLIENT, port: 50_111 }, CAMERA, chance.bytes(900)) };
  return [...lookUp(asked, 7, VIDEO, VIDEO_SERVER), picture, ...tlsTransfer(video, chance)].sort(
    (first, second) => first.at_s - second.at_s,
  );
}

async function read({ screen }: Viewer, frames: readonly Timed[]): Promise<void> {
  await screen.drop("evening.pcap", captureFile(frames, 1_700_000_000));
  await screen.state(strings.states.finished).waitFor();
}

test("the_demo_shows_applications_that_can_be_narrowed_sorted_and_compared", async ({ program, watch }) => {
  const { page, screen } = await watch(program);
  await screen.showDemo.click();
  await screen.panel(strings.dashboard.topApps).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await expect.poll(() => screen.apps.count(), SOON).toBeGreaterThan(5);
  await screen.app("Netflix").waitFor();
  expect(await screen.app("Netflix").innerText()).toMatch(/Video[\s\S]*\d%[\s\S]*b\/s/);

  await screen.main.getByRole("button", { name: /^Video \d/ }).click();
  await expect.poll(() => screen.appCategories(), SOON).toEqual(["Video"]);
  expect(new URL(page.url()).searchParams.get("category")).toBe("Video");
  await screen.main.getByRole("button", { name: /^Video \d/ }).click();

  await page.getByLabel(appStrings.filterLabel).fill("no such application");
  await page.getByText(appStrings.noMatch).waitFor();
  await screen.main.getByRole("button", { name: appStrings.clearAll }).click();
  await expect.poll(() => screen.apps.count(), SOON).toBeGreaterThan(5);

  await page.getByRole("radio", { name: appStrings.measures.now }).click();
  expect(new URL(page.url()).searchParams.get("by")).toBe("now");
  await page.getByRole("columnheader", { name: columns.app }).click();
  await page.mouse.move(0, 0);
  const names = () => screen.apps.locator("th bdi").allInnerTexts();
  await expect
    .poll(async () => {
      const seen = await names();
      const sorted = seen.toSorted((a, b) => a.localeCompare(b, "en", { sensitivity: "base" }));
      return seen.length > 5 && seen.join() === sorted.join();
    }, SOON)
    .toBe(true);
});

test("a_file_has_shares_a_press_leads_to_the_flows_and_the_sheet_says_why", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page, screen } = viewer;
  await read(viewer, evening());
  await screen.go("apps");
  await screen.app("Netflix").waitFor();
  // A file has no rates of this moment.
  expect(await page.getByRole("columnheader", { name: columns.rate }).count()).toBe(0);
  await screen.app("Netflix").click();
  await expect.poll(() => new URL(page.url()).search, SOON).toBe("?app=Netflix");
  await expect.poll(() => screen.column(flowStrings.columns.server), SOON).toEqual([`${VIDEO_SERVER}:443`]);
  await page.getByText(flowStrings.ofApp("Netflix")).waitFor();
  expect((await screen.column(flowStrings.columns.app))[0]).toBe("Netflix");
  expect((await screen.column(flowStrings.columns.hostname))[0]).toBe(VIDEO);
  expect(await accessibilityComplaints(page)).toEqual([]);

  await screen.rows.first().click();
  const chain = screen.flow.getByRole("region", { name: why.title });
  // The name from the client's hello comes first where the program reads hellos, the answer of DNS after it.
  const links = chain.getByRole("listitem");
  await links.filter({ hasText: VIDEO }).first().waitFor();
  expect(await links.first().innerText()).toContain(verdicts.decides);
  expect(await links.first().innerText()).toContain(why.speaksFor("Netflix"));
  // It was asked for at 0 s, answered 9 ms later; the flow began at 3 s.
  await links.filter({ hasText: appStrings.kinds.dns }).getByText(why.before("2.99 s")).waitFor();
  expect(await accessibilityComplaints(page)).toEqual([]);

  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: flowStrings.csv, exact: true }).click();
  const [header, line] = (await readFile(await (await saving).path(), "utf8")).split("\r\n");
  for (const label of ["App", "Category", "Host name", "Server name (SNI)", "Told by"])
    expect(header?.split(",")).toContain(label);
  expect(line).toContain("Netflix");
  expect(line).toContain("Video");

  await screen.main.getByRole("button", { name: flowStrings.allApps }).click();
  await expect.poll(() => screen.rows.count(), SOON).toBe(3);

  // What has no label leads to its flows, and the address holds it.
  await screen.go("apps");
  await screen.app(appStrings.unlabelled).click();
  await expect
    .poll(() => screen.column(flowStrings.columns.server), SOON)
    .toEqual([`${CAMERA.address}:${CAMERA.port}`]);
  await page.reload();
  await page.getByText(flowStrings.ofApp(flowStrings.withoutApp)).waitFor();
  await expect.poll(() => screen.rows.count(), SOON).toBe(1);
});

test("a_rule_labels_flows_that_have_ended_and_undone_it_leaves_no_trace", async ({ program, watch }) => {
  const viewer = await watch(program);
  const { page, screen } = viewer;
  await read(viewer, evening());
  await screen.go("flows");
  const row = screen.rows.filter({ hasText: CAMERA.address });
  await row.click();
  await screen.flow.getByRole("button", { name: why.label }).click();
  await screen.dialog.getByLabel(ruleStrings.app, { exact: true }).fill("Garden camera");
  await screen.dialog.getByLabel(ruleStrings.category).selectOption("IoT");
  await screen.dialog.getByLabel(ruleStrings.matches).fill("not a domain!");
  await screen.dialog.getByRole("button", { name: ruleStrings.add, exact: true }).click();
  await screen.alert(/not a domain!/).waitFor();
  for (const width of WIDTHS) expect(await overflow(page, width)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await accessibilityComplaints(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 1000 });

  await screen.dialog.getByRole("button", { name: CAMERA.address }).click();
  await screen.dialog.getByRole("button", { name: ruleStrings.add, exact: true }).click();
  await screen.dialog.waitFor({ state: "detached" });
  await expect.poll(() => row.innerText(), SOON).toContain("Garden camera");
  await screen.flow.getByText(appStrings.kinds.rule).waitFor();

  await screen.go("apps");
  expect(await screen.app("Garden camera").innerText()).toContain("IoT");
  await screen.main.getByRole("button", { name: ruleStrings.manage }).click();
  await screen.dialog.getByText('app = "Garden camera"').waitFor();
  expect(await accessibilityComplaints(page)).toEqual([]);
  await screen.dialog
    .getByRole("button", { name: ruleStrings.remove("Garden camera", CAMERA.address) })
    .click();
  await screen.dialog.getByText(ruleStrings.none).waitFor();
  await page.keyboard.press("Escape");
  await screen.app("Garden camera").waitFor({ state: "detached" });
  await screen.go("flows");
  await expect.poll(() => row.innerText(), SOON).not.toContain("Garden camera");
});
