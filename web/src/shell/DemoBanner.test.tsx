// @vitest-environment jsdom

import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { SourceKind } from "../generated/SourceKind";
import type { Status } from "../generated/Status";
import { strings } from "../lib/strings";
import { reset, startCapture, stopCapture } from "../live/client";
import { status } from "../live/fixtures";
import { useSession } from "../live/session";
import { DemoBanner } from "./DemoBanner";

const navigate = vi.fn();
vi.mock(import("@tanstack/react-router"), async (original) => ({
  ...(await original()),
  useNavigate: () => navigate,
}));
vi.mock(import("../live/client"), async (original) => ({
  ...(await original()),
  reset: vi.fn(),
  startCapture: vi.fn(),
  stopCapture: vi.fn(),
}));

const { demo } = strings;

function show(parts: Partial<Status>, kind: SourceKind = "demo"): void {
  const source = { kind, name: kind, progress_percentage: null };
  useSession.setState({
    status: status({ session: 1, source, ...parts }),
    connection: { state: "open" },
  });
  render(<DemoBanner />);
}

function button(name: string): HTMLButtonElement {
  return screen.getByRole("button", { name });
}

beforeEach(() => {
  for (const command of [reset, startCapture, stopCapture])
    vi.mocked(command).mockReset().mockResolvedValue();
});
afterEach(cleanup);

it("while_the_demo_plays_it_says_that_nothing_is_captured_and_how_to_stop", async () => {
  show({ state: "running" });
  expect(screen.getByText(demo.playing)).toBeTruthy();
  fireEvent.click(button(demo.stop));
  await vi.waitFor(() => expect(stopCapture).toHaveBeenCalledTimes(1));
  expect(reset).not.toHaveBeenCalled();
});

it("stopped_it_can_be_played_again", async () => {
  show({ state: "finished" });
  expect(screen.getByText(demo.stopped)).toBeTruthy();
  fireEvent.click(button(demo.again));
  await vi.waitFor(() => expect(startCapture).toHaveBeenCalledWith("demo", ""));
});

it("choosing_an_interface_leaves_the_demo_for_the_list", async () => {
  show({ state: "running" });
  fireEvent.click(button(demo.leave));
  await vi.waitFor(() => expect(reset).toHaveBeenCalledTimes(1));
  expect(stopCapture).toHaveBeenCalledTimes(1);
  expect(navigate).toHaveBeenCalledWith({ to: "/", search: {} });
});

it("what_waits_for_the_report_says_so", () => {
  show({ state: "finished", summarizing: true });
  expect([button(demo.again).disabled, button(demo.leave).disabled]).toEqual([true, true]);
  expect(button(demo.again).title).toBe(strings.capture.summarizing);
});

it("other_sources_have_no_such_banner", () => {
  show({ state: "running" }, "interface");
  expect(screen.queryByText(demo.playing)).toBeNull();
});
