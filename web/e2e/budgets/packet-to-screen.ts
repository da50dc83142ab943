/** How long a packet takes from the wire to the screen. */

import type { Page } from "playwright-core";
import type { Load, Mark } from "./load";
import { atMost, forInformation, percentile, type Row } from "./table";

const LOOK_S = 12;

const MOST_P50_MS = 250;
const MOST_P99_MS = 450;
const LEAST_SAMPLES = 100;

/** From when on the screen shows packets up to a number; milliseconds since 1970. */
type Seen = [number: number, at_ms: number][];

/** Looks at the list of packets on the page while `load` sends. `name` says what the page shows. */
export async function packetToScreen(page: Page, load: Load, name: string): Promise<Row[]> {
  const seen = await page.evaluate(watch, LOOK_S * 1_000);
  const delays_ms = delays(load.marks, seen);
  if (delays_ms.length < LEAST_SAMPLES) throw new Error(`only ${delays_ms.length} packets were seen in time`);
  return [
    atMost(
      `${name}: packet to screen, p50 of ${delays_ms.length}`,
      MOST_P50_MS,
      percentile(delays_ms, 0.5),
      "ms",
    ),
    atMost(`${name}: packet to screen, p99`, MOST_P99_MS, percentile(delays_ms, 0.99), "ms"),
    forInformation(`${name}: packet to screen, longest`, percentile(delays_ms, 1), "ms"),
  ];
}

/** The packets sent while somebody looked, each with the time until it or one after it stood on the screen. */
function delays(marks: readonly Mark[], seen: Seen): number[] {
  const [first] = seen;
  return marks.flatMap(({ number, sent_ms }) => {
    if (first === undefined || sent_ms < first[1]) return [];
    const shown = seen.find(([newest]) => newest >= number);
    return shown === undefined ? [] : [shown[1] - sent_ms];
  });
}

/** Runs in the page: a number is seen in the frame after the one that has drawn it, so that drawing counts too. */
function watch(look_ms: number): Promise<Seen> {
  return new Promise((done) => {
    const seen: Seen = [];
    const start_ms = performance.now();
    let newest = 0;
    const frame = (now_ms: number) => {
      for (const row of document.querySelectorAll("[role=grid] [aria-rowindex]")) {
        const number = Number(row.firstElementChild?.textContent);
        if (number > newest) newest = number;
      }
      if (newest > (seen.at(-1)?.[0] ?? 0)) seen.push([newest, Date.now()]);
      if (now_ms - start_ms < look_ms) requestAnimationFrame(frame);
      else done(seen);
    };
    requestAnimationFrame(frame);
  });
}
