/** How much work a page has while packets come in: frames, scripts, tasks. */

import type { CDPSession, Page } from "playwright-core";
import { atMost, forInformation, percentile, type Row } from "./table";

const LOOK_S = 20;

/** A page that has just been opened compiles its scripts; that is not what it does all day. */
const WARM_UP_MS = 3_000;

const MOST_FRAME_MS = 34;
const MOST_SCRIPT_PERCENTAGE = 15;
const LONG_TASK_MS = 100;

/** The program publishes four times a second; the budget for scripts is about ten. */
const STRESS = 10 / 4;

interface Work {
  frames_ms: number[];
  tasks_ms: number[];
}

/** Watches a page for a while. `name` says what it shows. */
export async function pageWork(page: Page, name: string): Promise<Row[]> {
  await page.waitForTimeout(WARM_UP_MS);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const before = await metrics(session);
  const { frames_ms, tasks_ms } = await page.evaluate(watch, LOOK_S * 1_000);
  const after = await metrics(session);
  await session.detach();
  const share = (metric: string) => {
    const seconds = (after.get("Timestamp") ?? 0) - (before.get("Timestamp") ?? 0);
    return (((after.get(metric) ?? 0) - (before.get(metric) ?? 0)) / seconds) * 100;
  };
  const longTasks = tasks_ms.filter((task_ms) => task_ms > LONG_TASK_MS);
  return [
    atMost(`${name}: frame time, p99`, MOST_FRAME_MS, percentile(frames_ms, 0.99), "ms"),
    forInformation(`${name}: frame time, longest`, percentile(frames_ms, 1), "ms"),
    forInformation(`${name}: scripts at 4 Hz, of a core`, share("ScriptDuration"), "%"),
    atMost(
      `${name}: scripts at 10 Hz (4 Hz x 2.5), of a core`,
      MOST_SCRIPT_PERCENTAGE,
      share("ScriptDuration") * STRESS,
      "%",
    ),
    forInformation(`${name}: all tasks of the page at 4 Hz, of a core`, share("TaskDuration"), "%"),
    atMost(`${name}: tasks over ${LONG_TASK_MS} ms`, 0, longTasks.length, "in 20 s"),
  ];
}

async function metrics(session: CDPSession): Promise<Map<string, number>> {
  const answer = await session.send("Performance.getMetrics");
  return new Map(answer.metrics.map(({ name, value }) => [name, value]));
}

/** Runs in the page. */
function watch(look_ms: number): Promise<Work> {
  return new Promise((done) => {
    const frames_ms: number[] = [];
    const tasks_ms: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks_ms.push(duration);
    });
    observer.observe({ type: "longtask" });
    const start_ms = performance.now();
    let last_ms: number | null = null;
    const frame = (now_ms: number) => {
      if (last_ms !== null) frames_ms.push(now_ms - last_ms);
      last_ms = now_ms;
      if (now_ms - start_ms < look_ms) requestAnimationFrame(frame);
      else {
        observer.disconnect();
        done({ frames_ms, tasks_ms });
      }
    };
    requestAnimationFrame(frame);
  });
}
