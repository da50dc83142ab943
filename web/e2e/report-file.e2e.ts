/** The report as a file: what it is on paper, and that it needs nothing beside it. */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { captureFile } from "./packets/capture-file";
import { OFFICE_S, office } from "./packets/office";
import { run } from "./rig/process";
import { PROGRAM } from "./rig/program";
import { launch } from "./rig/viewer";

/** A4 less its margins, in pixels of 1/96 inch: 297 mm less 14 and 17. */
const PAGE_HEIGHT = ((297 - 14 - 17) / 25.4) * 96;
const FEWEST_PAGES = 1;
const MOST_PAGES = 4;

test("an_office_is_one_to_four_pages_of_paper_and_nothing_in_them_is_cut", async () => {
  const folder = await mkdtemp(join(tmpdir(), "report-"));
  const browser = await launch();
  try {
    const [capture, file] = [join(folder, "office.pcap"), join(folder, "office.html")];
    await writeFile(capture, captureFile(office({ volume: 1, lasts_s: OFFICE_S }), 1_700_000_000));
    await run(PROGRAM, "analyze", capture, "--html", file);
    expect(await readFile(file, "utf8")).toContain("Network report: office.pcap");

    const page = await browser.newPage();
    const asked: string[] = [];
    const said: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => said.push(message.text()));
    await page.goto(pathToFileURL(file).href);
    // Its policy lets its style through, and there is nothing else to be loaded.
    expect(await page.locator("h1").evaluate((title) => getComputedStyle(title).fontSize)).toBe("23px");
    expect(asked).toEqual([pathToFileURL(file).href]);
    expect(said).toEqual([]);

    const pages = printed(await page.pdf({ preferCSSPageSize: true }));
    expect(pages).toBeGreaterThanOrEqual(FEWEST_PAGES);
    expect(pages).toBeLessThanOrEqual(MOST_PAGES);

    await page.emulateMedia({ media: "print" });
    const whole = page.locator("figure, tr, .finding, .key");
    expect(await whole.count()).toBeGreaterThan(10);
    const kept = await whole.evaluateAll((parts) =>
      parts.map((part) => [getComputedStyle(part).breakInside, part.getBoundingClientRect().height] as const),
    );
    expect(kept.filter(([rule, height]) => rule !== "avoid" || height > PAGE_HEIGHT)).toEqual([]);
    expect(
      await page.locator("thead").evaluateAll((heads) => heads.map((head) => getComputedStyle(head).display)),
    ).toSatisfy((displays: string[]) => displays.every((display) => display === "table-header-group"));
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
});

/** How many pages a PDF has: each is an object of its own. */
function printed(pdf: Buffer): number {
  return pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}
