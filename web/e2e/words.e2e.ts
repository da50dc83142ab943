/** What is said in words: from a call that sounds poor to what shows it, and the report when all is over. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { saidStrings } from "../src/lib/said-strings";
import { strings } from "../src/lib/strings";
import { wordStrings } from "../src/lib/word-strings";
import { call } from "./packets/call";
import { captureFile } from "./packets/capture-file";
import { office } from "./packets/office";
import { accessibilityComplaints, overflow } from "./rig/judge";
import type { Screen } from "./rig/screen";
import { test as plain } from "./rig/test";

const { summaries, findings, report, assistant } = saidStrings;
const { strip, changes } = wordStrings;

const SOON = { timeout: 20_000 };

/** Two whole minutes and the beginning of a third: two summaries. */
const LASTS_S = 130;
/** So many times as fast as it was: slow enough to press what stands there while the call is poor. */
const SLOWLY = ["--replay-speed", "2"];
/** A minute of it takes two seconds. */
const FAST = ["--replay-speed", "30"];
const A_MINUTE_SLOWLY = { timeout: 60_000 };

/** An office, and a call of which the callee's voice loses every third packet in its second half: nobody understands that. */
const test = plain.extend("capture", async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), "netsonde-words-"));
  onCleanup(() => rm(folder, { recursive: true }));
  const packets = [...office({ volume: 0.05, lasts_s: LASTS_S }), ...call(3)];
  packets.sort((one, other) => one.at_s - other.at_s);
  const file = join(folder, "office.pcap");
  await writeFile(file, captureFile(packets, 1_700_000_000));
  return file;
});

/** What the link to the summaries says: its name, and how many nobody has read. */
async function unread(screen: Screen): Promise<string> {
  const link = screen.navigation.getByRole("link", { name: strings.pages.summaries });
  return (await link.textContent()) ?? "";
}

test("a_poor_call_is_said_above_the_numbers_and_leads_to_what_shows_it", async ({
  capture,
  start,
  watch,
}) => {
  const program = await start({ options: ["--read", capture, ...SLOWLY] });
  const { page, screen } = await watch(program);
  const alert = screen.panel(strip.label).getByRole("link").first();
  await alert.waitFor(SOON);
  await screen.panel(changes.title).waitFor();
  await alert.click();
  const sheet = page.getByRole("region", { name: findings.sheet, exact: true });
  await sheet.getByText(findings.meaning).waitFor();
  expect(new URL(page.url()).pathname).toBe("/findings");
  await sheet.getByRole("region", { name: findings.evidence }).getByRole("link").first().click();
  await expect.poll(() => new URL(page.url()).pathname, SOON).not.toBe("/findings");
  // Back is where it was, with the details open.
  await page.goBack();
  await sheet.waitFor();
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });

  // A summary comes meanwhile; nothing opens by itself.
  await screen.go("dashboard");
  await expect.poll(() => unread(screen), A_MINUTE_SLOWLY).toContain(strings.navigation.unread("1"));
  expect(new URL(page.url()).pathname).toBe("/");
  expect(await screen.dialog.count()).toBe(0);
});

test("summaries_are_read_by_keyboard_and_their_facts_lead_to_where_they_are_shown", async ({
  capture,
  start,
  watch,
}) => {
  const program = await start({ options: ["--read", capture, ...FAST] });
  const { page, screen } = await watch(program);
  await screen.state(strings.states.finished).waitFor(SOON);
  expect(await unread(screen)).toMatch(/unread/);
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  const list = screen.main.getByRole("list", { name: summaries.list });
  await expect.poll(() => list.getByRole("article").count(), SOON).toBeGreaterThan(0);
  expect(await unread(screen)).toBe(strings.pages.summaries);
  await screen.main.getByText(assistant.off).waitFor();

  const whole = screen.panel(summaries.report);
  await expect.poll(() => whole.getByRole("heading", { level: 4 }).count()).toBe(9);
  const fact = list.getByRole("article").first().locator("p a").first();
  await fact.scrollIntoViewIfNeeded();
  // What scrolls closes what explains it: whoever comes back to the fact is told again.
  const told = async () => {
    await fact.blur();
    await fact.focus();
    return page.getByRole("tooltip").count();
  };
  await expect.poll(told, SOON).toBe(1);
  await page.keyboard.press("Enter");
  await expect.poll(() => new URL(page.url()).pathname, SOON).not.toBe("/summaries");
});

test("after_the_end_everybody_finds_the_same_report_also_after_a_reload", async ({
  capture,
  start,
  watch,
}) => {
  const program = await start({ options: ["--read", capture] });
  const first = await watch(program, { path: "report" });
  await first.screen.state(strings.states.finished).waitFor(SOON);
  const text = () => first.page.frameLocator("iframe").locator("body").innerText();
  await first.screen.main.getByText(report.final, { exact: true }).waitFor();
  await expect.poll(text, SOON).toContain("office.pcap");
  const told = await text();
  await first.page.reload();
  await expect.poll(text, SOON).toBe(told);

  const second = await watch(program, { path: "summaries" });
  const whole = (screen: Screen) => screen.panel(summaries.report).innerText();
  await first.screen.go("summaries");
  expect(await whole(second.screen)).toBe(await whole(first.screen));

  // What is printed is the document alone.
  await first.screen.go("report");
  const frame = first.page.locator("iframe");
  await first.page.frameLocator("iframe").locator("h1").waitFor();
  await frame.evaluate((element) => {
    const held = (element as HTMLIFrameElement).contentWindow;
    if (held !== null) held.print = () => element.setAttribute("data-printed", "");
  });
  await first.screen.main.getByRole("button", { name: report.print }).click();
  expect(await frame.getAttribute("data-printed")).toBe("");

  // A link in the document is followed by the dashboard around it.
  await first.page.frameLocator("iframe").locator("a[href^='/']").first().click();
  await expect.poll(() => new URL(first.page.url()).pathname, SOON).not.toBe("/report");
  const saved = await fetch(new URL("api/v1/report.md?download", program.url));
  expect([saved.status, saved.headers.get("content-disposition")]).toEqual([
    200,
    expect.stringMatching(/attachment/),
  ]);
});

describe("the pages have no fault", () => {
  test("with_all_that_is_said_of_a_session", async ({ capture, start, watch }) => {
    const program = await start({ options: ["--read", capture] });
    const { page, screen } = await watch(program);
    await screen.state(strings.states.finished).waitFor(SOON);
    const complaints: string[] = [];
    const judge = async (name: string) => {
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 1000 });
        for (const complaint of await accessibilityComplaints(page))
          complaints.push(`${name} at ${width}: ${complaint}`);
      }
      for (const width of [320, 640, 1024, 1600])
        for (const complaint of await overflow(page, width))
          complaints.push(`${name} at ${width}: ${complaint}`);
      await page.setViewportSize({ width: 1440, height: 1000 });
    };
    await judge("dashboard");
    await screen.go("summaries");
    for (const more of await screen.main.locator("summary").all()) await more.click();
    await judge("summaries");
    await screen.go("findings");
    await screen.main
      .getByRole("button", { name: /^Show “/ })
      .first()
      .click();
    await judge("findings");
    await screen.go("report");
    await page.frameLocator("iframe").locator("h1").waitFor();
    await judge("report");
    expect(complaints).toEqual([]);
  });
});
