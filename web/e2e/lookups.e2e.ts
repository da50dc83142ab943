/** Names from a name server: none is asked before the switch says so, and none after. */

import { describe, expect } from "vitest";
import { hostStrings } from "../src/lib/host-strings";
import { originStrings } from "../src/lib/origin-strings";
import type { Timed } from "./packets/capture-file";
import { udp } from "./packets/frames";
import { accessibilityComplaints, isReadable } from "./rig/judge";
import { NameServer, questionOf } from "./rig/name-server";
import { test } from "./rig/test";
import { CAN_LAY_WIRES, INTERFACE } from "./rig/wire";

const { lookups, sheet } = hostStrings;

const SOON = { timeout: 20_000 };

const NEAR = "192.168.1.80";
/** Of the Internet, and nobody showed its name. */
const FAR = { address: "193.0.6.139", name: "mirror.example.net" };
/** As above; the name server does not know it. */
const NAMELESS = "200.160.2.3";
const LATER = "202.12.29.175";
/** Of documents: never asked for. */
const DOCUMENT = "192.0.2.80";

/** Something sent to each address, and its reply. */
function exchanges(addresses: readonly string[]): Timed[] {
  const near = { address: NEAR, port: 40_000 };
  return addresses.flatMap((address) => {
    const far = { address, port: 40_001 };
    return [
      { at_s: 0, frame: udp(near, far, Buffer.alloc(200)) },
      { at_s: 0, frame: udp(far, near, Buffer.alloc(200)) },
    ];
  });
}

describe.runIf(CAN_LAY_WIRES)("a name server", () => {
  test("is_asked_while_the_switch_is_on_and_no_longer", async ({ wire, start, watch, onTestFinished }) => {
    const server = await NameServer.start(new Map([[FAR.address, FAR.name]]));
    onTestFinished(() => server.stop());
    const program = await start({ options: ["--name-servers", server.address] });
    const { page, screen } = await watch(program);
    await screen.start(INTERFACE);
    await wire.send(exchanges([FAR.address, NAMELESS, DOCUMENT]));
    await screen.go("hosts");
    await expect.poll(() => screen.rows.count(), SOON).toBe(4);
    const panel = screen.panel(lookups.title);
    await panel.getByRole("button", { expanded: false }).click();
    await panel.getByText(lookups.sentTo(server.address)).waitFor();
    const turn = panel.getByRole("switch", { name: lookups.turnOn(lookups.reverseDns) });
    expect(await turn.getAttribute("aria-checked")).toBe("false");
    expect(server.asked).toEqual([]);

    await turn.click();
    await panel.getByText(lookups.state(lookups.reverseDns, lookups.on)).waitFor();
    const far = screen.rows.filter({ hasText: FAR.address });
    await far.getByText(FAR.name, { exact: true }).waitFor();
    expect(await isReadable(far.getByText(FAR.name, { exact: true }))).toBe(true);
    const figure = (label: string) =>
      panel
        .locator("dl > div")
        .filter({ has: page.locator("dt").getByText(label, { exact: true }) })
        .locator("dd")
        .innerText();
    await expect.poll(() => figure(lookups.asked), SOON).toBe("2");
    // That there is no name is an answer too.
    await expect.poll(() => figure(lookups.answered), SOON).toBe("2");
    expect([...new Set(server.asked)].sort()).toEqual([questionOf(FAR.address), questionOf(NAMELESS)].sort());
    expect(await accessibilityComplaints(page)).toEqual([]);
    await far.click();
    const told = screen.host
      .getByRole("region", { name: sheet.facts })
      .getByRole("listitem")
      .filter({ hasText: FAR.name });
    await told.getByText(originStrings.nameSources.reverse_dns, { exact: true }).waitFor();
    await screen.host.getByRole("button", { name: sheet.close }).click();

    await turn.click();
    await panel.getByText(lookups.state(lookups.reverseDns, lookups.off)).waitFor();
    const before = server.asked.length;
    await wire.send(exchanges([LATER]));
    await expect.poll(() => screen.rows.count(), SOON).toBe(5);
    // The program sums hosts up by place, and asks for what it lacks, once a second of the session.
    const since_s = await screen.elapsed_s();
    await expect.poll(() => screen.elapsed_s(), SOON).toBeGreaterThan(since_s + 2);
    // What is known stays known; of what is new nobody is asked.
    await screen.rows.filter({ hasText: FAR.address }).getByText(FAR.name, { exact: true }).waitFor();
    expect(server.asked.length).toBe(before);
    expect(server.asked).not.toContain(questionOf(LATER));
    await turn.click();
    await expect.poll(() => server.asked, SOON).toContain(questionOf(LATER));
  });
});
