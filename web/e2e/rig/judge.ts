/** Judges a page as it stands: accessibility, and whether it fits. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Locator, Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Everything axe knows of WCAG 2.2 AA, and its advice beyond that. */
const EVERY_RULE: RunOptions = { resultTypes: ["violations"] };

/** What another theme can change. */
const COLOUR_RULES: RunOptions = { ...EVERY_RULE, runOnly: ["color-contrast", "link-in-text-block"] };

declare const axe: { run(options: RunOptions): Promise<AxeResults> };

/** One line for each rule that is broken, in both themes, with how often and the first element that does. */
export async function accessibilityComplaints(page: Page): Promise<string[]> {
  // The policy lets in the page's own scripts only; this one comes through the debugger.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(`${AXE};0`);
  const complaints: string[] = [];
  for (const [theme, rules] of [
    ["light", COLOUR_RULES],
    ["dark", EVERY_RULE],
  ] as const) {
    await inTheme(page, theme);
    const { violations } = await page.evaluate((options) => axe.run(options), rules);
    for (const { id, nodes } of violations) {
      complaints.push(`${theme}: ${id}: ${nodes.length} times, as ${nodes[0]?.html.slice(0, 200)}`);
    }
  }
  return complaints;
}

/** Changes the theme at once: half a fade has no contrast. */
export async function inTheme(page: Page, theme: "dark" | "light"): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
  await page.locator(`html[data-theme=${theme}]`).waitFor();
}

/** What reaches beyond the right edge at a width: the page itself, and the elements that push it. */
export async function overflow(page: Page, width: number): Promise<string[]> {
  const before = page.viewportSize();
  await page.setViewportSize({ width, height: before?.height ?? 1000 });
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    // A page beside a sheet scrolls by itself.
    const main = document.querySelector("main [data-page]") ?? document.querySelector("main");
    const found: string[] = [];
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} px wide in ${clientWidth}`);
    if (main !== null && main.scrollWidth > main.clientWidth) {
      const edge = main.getBoundingClientRect().right;
      const wide = [...main.querySelectorAll("*")].find(
        (element) => element.getBoundingClientRect().right > edge + 1,
      );
      found.push(
        `main is ${main.scrollWidth} px wide in ${main.clientWidth}: ${wide?.outerHTML.slice(0, 160)}`,
      );
    }
    return found;
  });
}

/** Whether a text can be read from its first letter to its last: nothing cuts it, covers it, or has it out of sight. */
export function isReadable(text: Locator): Promise<boolean> {
  return text.evaluate((element) => {
    if (element.scrollWidth > element.clientWidth) return false;
    const letters = document.createRange();
    letters.selectNodeContents(element);
    const { left, right, top, bottom } = letters.getBoundingClientRect();
    return [left + 1, right - 1].every((x) =>
      element.contains(document.elementFromPoint(x, (top + bottom) / 2)),
    );
  });
}
