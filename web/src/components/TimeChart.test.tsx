// @vitest-environment jsdom

import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Lines } from "./lines";
import { TimeChart } from "./TimeChart";

let drawn = 0;
let observers = 0;

// The canvas has no pixels here; that one is made and taken away again is what counts.
vi.mock("uplot", () => ({
  default: class {
    constructor() {
      drawn += 1;
    }
    setData() {}
    setSize() {}
    destroy() {
      drawn -= 1;
    }
  },
}));

class Observer {
  observe() {
    observers += 1;
  }
  disconnect() {
    observers -= 1;
  }
}

beforeEach(() => {
  drawn = 0;
  observers = 0;
  vi.stubGlobal("ResizeObserver", Observer);
  vi.stubGlobal("MutationObserver", Observer);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const LINES: Lines = { x: [1, 2], y: [[5, null]], breaks: [], span: { from: 1, to: 2 } };
const events = { zoom: vi.fn(), back: vi.fn(), pan: vi.fn(), scale: vi.fn(), clear: vi.fn() };
const subscriptions = new Set<() => void>();

function chart() {
  return (
    <TimeChart
      title="Rate"
      unit="b/s"
      meta="last 5m"
      series={SERIES}
      read={READ}
      format={FORMAT}
      subscribe={subscribe}
      events={events}
    />
  );
}

const SERIES = [{ label: "In", color: "--in" as const }];
const READ = () => LINES;
const FORMAT = (value: number | null) => (value === null ? "–" : `${value} b/s`);

function subscribe(paint: () => void): () => void {
  subscriptions.add(paint);
  return () => subscriptions.delete(paint);
}

it("fifty_mounts_leave_nothing_behind", () => {
  const timers = vi.spyOn(globalThis, "setInterval");
  const cleared = vi.spyOn(globalThis, "clearInterval");
  for (let round = 0; round < 50; round += 1) render(chart()).unmount();
  expect(drawn).toBe(0);
  expect(observers).toBe(0);
  expect(subscriptions.size).toBe(0);
  expect(cleared.mock.calls.length).toBe(timers.mock.calls.length);
});

it("plus_and_minus_zoom_a_chart_that_has_the_focus", () => {
  render(chart());
  fireEvent.keyDown(screen.getByRole("img"), { key: "+" });
  expect(events.scale).toHaveBeenLastCalledWith(0.5);
  fireEvent.keyDown(screen.getByRole("img"), { key: "-" });
  expect(events.scale).toHaveBeenLastCalledWith(2);
});

it("the_table_says_the_same_newest_first_and_unknown_is_a_dash", () => {
  render(chart());
  fireEvent.keyDown(screen.getByRole("button", { name: "Menu of Rate" }), { key: "Enter" });
  fireEvent.click(screen.getByText("Show as table"));
  const cells = screen.getAllByRole("cell").map((cell) => cell.textContent);
  expect([cells[1], cells[3]]).toEqual(["–", "5 b/s"]);
});

it("a_range_without_a_point_says_so_and_offers_the_way_back", () => {
  const blank = () => ({ ...LINES, x: [], y: [[]] });
  const { container } = render(<TimeChart {...chart().props} read={blank} />);
  expect(container.querySelector("[data-blank]")).not.toBeNull();
  fireEvent.click(screen.getByText("Show what there is"));
  expect(events.clear).toHaveBeenCalledTimes(1);
});
