// @vitest-environment jsdom

import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { choose } from "../capture/controls";
import type { Status } from "../generated/Status";
import { strings } from "../lib/strings";
import { status } from "../live/fixtures";
import { useSession } from "../live/session";

// The theme asks for the system's when it is loaded, which this place does not know.
vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {} }));
const { TopBar } = await import("./TopBar");

const { capture, demo, states } = strings;
const DEMO = { kind: "demo" as const, name: "demo", progress_percentage: null };

function show(parts: Partial<Status>, hasRange = true): void {
  useSession.setState({ status: status({ session: 1, ...parts }), connection: { state: "open" } });
  render(<TopBar hasRange={hasRange} />);
}

function button(name: string): HTMLButtonElement {
  return screen.getByRole("button", { name });
}

beforeEach(() => choose("eth0"));
afterEach(cleanup);

it("start_waits_for_the_report_and_says_so", () => {
  show({ state: "finished", summarizing: true });
  expect(button(states.summarizing).disabled).toBe(true);
  expect(button(states.summarizing).title).toBe(capture.summarizing);
});

it("while_the_demo_plays_it_stands_where_the_interface_does_and_takes_no_filter", () => {
  show({ state: "running", source: DEMO });
  expect(screen.getByText(demo.name)).toBeTruthy();
  expect(button(capture.stop).disabled).toBe(false);
  const filter = screen.getByLabelText<HTMLInputElement>(capture.filterLabel);
  expect([filter.readOnly, filter.placeholder]).toEqual([true, capture.noFilterOnDemo]);
  expect(filter.title).toBe(capture.filterOnDemo);
});

it("when_the_demo_has_stopped_an_interface_can_be_started", () => {
  show({ state: "finished", source: DEMO });
  expect(screen.queryByText(demo.name)).toBeNull();
  expect(screen.getByText("eth0")).toBeTruthy();
  expect(button(capture.start).disabled).toBe(false);
  expect(screen.getByLabelText<HTMLInputElement>(capture.filterLabel).readOnly).toBe(false);
});

it("a_page_of_the_whole_session_offers_no_range", () => {
  show({ state: "finished" });
  expect(screen.queryByText(`${strings.range.label}:`)).not.toBeNull();
  cleanup();
  show({ state: "finished" }, false);
  expect(screen.queryByText(`${strings.range.label}:`)).toBeNull();
});
