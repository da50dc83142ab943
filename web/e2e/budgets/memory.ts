/** Whether the page keeps more and more. */

import type { CDPSession, Page } from "playwright-core";
import { atMost, forInformation, type Row } from "./table";

/**
 * A page that kept every update would grow by megabytes a minute, which a short look shows. In its first minutes every
 * page grows: scripts are compiled, twice where they are hot, and caches fill. Only a long look, which lets that pass,
 * can tell whether it then stays flat; an hour of history is some 5 kB a minute.
 */
const SHORT_LOOK = { warm_up_ms: 20_000, most_kb_per_minute: 500 };
const LONG_LOOK = { warm_up_ms: 180_000, most_kb_per_minute: 50 };

/** From so many minutes on a look is long. */
const LONG_MINUTES = 10;

const SAMPLES = 13;

const LOOKS = 5;
const BETWEEN_LOOKS_MS = 170;

/** Looks at the live heap for so many minutes: after a collection each time, so that only what is held counts. */
export async function heap(page: Page, minutes: number, name: string): Promise<Row[]> {
  const session = await page.context().newCDPSession(page);
  const { warm_up_ms, most_kb_per_minute } = minutes < LONG_MINUTES ? SHORT_LOOK : LONG_LOOK;
  await page.waitForTimeout(warm_up_ms);
  const samples: Sample[] = [];
  const start_ms = Date.now();
  for (let index = 0; index < SAMPLES; index += 1) {
    await page.waitForTimeout(
      Math.max(0, start_ms + (index * minutes * 60_000) / (SAMPLES - 1) - Date.now()),
    );
    samples.push({ at_min: (Date.now() - start_ms) / 60_000, used_kb: await used(page, session) });
  }
  await session.detach();
  return [
    forInformation(`${name}: heap at the end`, samples.at(-1)?.used_kb ?? Number.NaN, "kB"),
    atMost(`${name}: heap growth over ${minutes} min`, most_kb_per_minute, slope(samples), "kB/min"),
  ];
}

interface Sample {
  at_min: number;
  used_kb: number;
}

/** The least of several looks: one collection leaves what the next one frees. */
async function used(page: Page, session: CDPSession): Promise<number> {
  const looks_kb: number[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    await session.send("HeapProfiler.collectGarbage");
    looks_kb.push((await session.send("Runtime.getHeapUsage")).usedSize / 1_000);
    await page.waitForTimeout(BETWEEN_LOOKS_MS);
  }
  return Math.min(...looks_kb);
}

/** The slope of the line through the samples (least squares). */
function slope(samples: readonly Sample[]): number {
  const at = mean(samples.map(({ at_min }) => at_min));
  const kb = mean(samples.map(({ used_kb }) => used_kb));
  const together = mean(samples.map(({ at_min, used_kb }) => (at_min - at) * (used_kb - kb)));
  return together / mean(samples.map(({ at_min }) => (at_min - at) ** 2));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
