/** Measures the dashboard against its budgets, with a program that captures 2,000 packets a second. */

import { firstPaint, initialScript } from "./budgets/first-load";
import { Load, PACKETS_PER_S } from "./budgets/load";
import { heap } from "./budgets/memory";
import { packetToScreen } from "./budgets/packet-to-screen";
import { pageWork } from "./budgets/page-work";
import { type Row, table } from "./budgets/table";
import { Program } from "./rig/program";
import { launch, Viewer } from "./rig/viewer";
import { INTERFACE, Wire } from "./rig/wire";

/** `--minutes N`: how long the heap is looked at. */
export async function run(options: readonly string[]): Promise<number> {
  const minutes = Number(options[options.indexOf("--minutes") + 1] ?? 1) || 1;
  const browser = await launch();
  const wire = await Wire.lay();
  const program = await Program.start();
  const rows: Row[] = [initialScript()];
  try {
    rows.push(await firstPaint(browser, program.url));
    const viewer = await Viewer.open(browser, program.url);
    const { page, screen } = viewer;
    await screen.start(INTERFACE);
    const load = new Load(wire);
    for (const name of ["dashboard", "live"] as const) {
      await screen.go(name);
      await screen.rows.nth(3).waitFor();
      rows.push(...(await pageWork(page, name)), ...(await packetToScreen(page, load, name)));
    }
    await screen.go("dashboard");
    rows.push(...(await heap(page, minutes, "dashboard")));
    const sent = await load.stop();
    await screen.stop();
    // The delays count packets by number: right only if the program saw exactly what was sent.
    const seen = await screen.packets();
    rows.push({ what: "packets sent", budget: `${sent} seen`, measured: `${seen} seen`, ok: seen === sent });
    const noises = await viewer.close();
    rows.push({
      what: "console",
      budget: "silent",
      measured: noises.join("; ") || "silent",
      ok: noises.length === 0,
    });
  } finally {
    await Promise.all([program.stop(), wire.remove()]);
    await browser.close();
  }
  console.log(`\n${PACKETS_PER_S} packets/s\n\n${table(rows)}`);
  return rows.every(({ ok }) => ok) ? 0 : 1;
}
