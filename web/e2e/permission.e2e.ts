/** A program that may not capture says how it can. */

import { expect } from "vitest";
import { strings } from "../src/lib/strings";
import { captureFile } from "./packets/capture-file";
import { office } from "./packets/office";
import { test } from "./rig/test";

test("without_the_right_to_capture_the_command_that_gives_it_is_shown", async ({ start, watch }) => {
  const program = await start({ mayCapture: false });
  const { page, screen } = await watch(program);
  await page.getByText(strings.permission.title).waitFor();
  expect(await screen.main.innerText()).toMatch(/sudo setcap cap_net_raw\S* \S+/);
  expect(await screen.firstStart.isDisabled()).toBe(true);
  // A capture file needs no right.
  const minute = office({ volume: 0.02, lasts_s: 10 });
  await screen.drop("minute.pcap", captureFile(minute, 1_700_000_000));
  await expect.poll(() => screen.packets(), { timeout: 10_000 }).toBe(minute.length);
});
