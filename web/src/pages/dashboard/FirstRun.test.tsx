// @vitest-environment jsdom

import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useControls } from "../../capture/controls";
import type { InterfaceRow } from "../../generated/InterfaceRow";
import { strings } from "../../lib/strings";
import { interfaces, Refused, startCapture } from "../../live/client";
import { status } from "../../live/fixtures";
import { useSession } from "../../live/session";
import { FirstRun } from "./FirstRun";

vi.mock(import("../../live/client"), async (original) => ({
  ...(await original()),
  interfaces: vi.fn(),
  startCapture: vi.fn(),
}));

function row(name: string, may_capture: boolean): InterfaceRow {
  return {
    name,
    description: null,
    addresses: [],
    state: "up",
    loopback: false,
    may_capture,
    capture_problem: may_capture ? null : "it takes a right",
    remedy: may_capture ? null : "sudo setcap cap_net_raw=ep /usr/bin/netsonde",
    bytes_received: null,
    bytes_sent: null,
    engines: ["libpcap"],
  };
}

async function firstRun(...rows: InterfaceRow[]): Promise<HTMLElement> {
  vi.mocked(interfaces).mockResolvedValue(rows);
  render(<FirstRun />);
  const told = rows[0]?.name ?? strings.firstRun.none;
  await screen.findByText(told);
  return screen.getByRole("button", { name: strings.demo.show });
}

function isPrimary(button: HTMLElement): boolean {
  return button.classList.contains("button-primary");
}

beforeEach(() => {
  useSession.setState({ status: status(), connection: { state: "open" } });
  useControls.setState({ filter: "", notice: null });
  vi.mocked(startCapture).mockResolvedValue();
});
afterEach(cleanup);

it("where_nothing_may_be_captured_the_demo_is_what_is_offered", async () => {
  const demo = await firstRun(row("eth0", false), row("lo", false));
  expect(isPrimary(demo)).toBe(true);
  expect(isPrimary(screen.getByRole("button", { name: strings.capture.start }))).toBe(false);
  // It stands beside the command and its copy button.
  expect(demo.closest("section")?.textContent).toContain("sudo setcap cap_net_raw=ep /usr/bin/netsonde");
});

it("where_an_interface_may_be_captured_the_demo_steps_back", async () => {
  const demo = await firstRun(row("eth0", true), row("lo", false));
  expect(isPrimary(demo)).toBe(false);
  expect(isPrimary(screen.getByRole("button", { name: strings.capture.start }))).toBe(true);
});

it("without_any_interface_the_demo_is_what_is_offered", async () => {
  expect(isPrimary(await firstRun())).toBe(true);
});

it("one_click_starts_the_demo_and_takes_no_filter_along", async () => {
  useControls.setState({ filter: "tcp port 443" });
  fireEvent.click(await firstRun(row("eth0", true)));
  await vi.waitFor(() => expect(startCapture).toHaveBeenCalledWith("demo", ""));
});

it("a_refused_demo_is_told", async () => {
  vi.mocked(startCapture).mockRejectedValueOnce(new Refused("this program has no demo", "not_found"));
  fireEvent.click(await firstRun(row("eth0", false)));
  await vi.waitFor(() =>
    expect(useControls.getState().notice).toEqual({ reason: "this program has no demo", code: "not_found" }),
  );
});
