/** What the first page costs: how much script comes, and how soon something is drawn. */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { Viewer } from "../rig/viewer";
import { atMost, percentile, type Row } from "./table";

const MOST_SCRIPT_KB = 230;
const MOST_PAINT_MS = 1_000;

const LOADS = 5;

const SIZES = fileURLToPath(new URL("../../scripts/bundle-size.mjs", import.meta.url));

export function initialScript(): Row {
  const printed = spawnSync(process.execPath, [SIZES], { encoding: "utf8" }).stdout;
  const total_kb = Number(printed.match(/([\d.]+) kB {2}initial JavaScript/)?.[1]);
  return atMost("initial JavaScript, gzipped", MOST_SCRIPT_KB, total_kb, "kB");
}

/** Each time in a browser context that has seen nothing before. */
export async function firstPaint(browser: Browser, url: string): Promise<Row> {
  const paints_ms: number[] = [];
  for (let load = 0; load < LOADS; load += 1) {
    const viewer = await Viewer.open(browser, url);
    await viewer.screen.main.waitFor();
    paints_ms.push(await viewer.page.evaluate(firstContentfulPaint));
    await viewer.close();
  }
  return atMost(
    `first contentful paint, median of ${LOADS}`,
    MOST_PAINT_MS,
    percentile(paints_ms, 0.5),
    "ms",
  );
}

/** Runs in the page: the entry may come after the paint. */
function firstContentfulPaint(): Promise<number> {
  return new Promise((done) => {
    new PerformanceObserver((list) => {
      const paint = list.getEntriesByName("first-contentful-paint")[0];
      if (paint !== undefined) done(paint.startTime);
    }).observe({ type: "paint", buffered: true });
  });
}
