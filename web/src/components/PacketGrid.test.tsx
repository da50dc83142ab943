// @vitest-environment jsdom

import { cleanup, fireEvent, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { RowSource } from "./grid-view";
import { PacketGrid } from "./PacketGrid";

/** The header and ten rows fit. */
const GRID_PX = 26 + 260;

let observers = 0;

beforeEach(() => {
  observers = 0;
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {
        observers += 1;
      }
      disconnect() {
        observers -= 1;
      }
    },
  );
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(GRID_PX);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function source(count: number): RowSource {
  const row = (index: number) => ({
    number: index + 1,
    time_ms: null,
    source: "10.0.0.1",
    destination: "10.0.0.2",
    protocol: "TCP",
    length: 60,
    info: "",
  });
  return {
    count,
    rowAt: row,
    numberAt: (index) => (index < count ? index + 1 : null),
    indexOf: (number) => (number <= count ? number - 1 : null),
    want: () => {},
  };
}

const subscriptions = new Set<() => void>();

function subscribe(paint: () => void): () => void {
  subscriptions.add(paint);
  return () => subscriptions.delete(paint);
}

function grid(parts: Partial<Parameters<typeof PacketGrid>[0]> = {}) {
  return (
    <PacketGrid
      label="Packets"
      source={source(1_000)}
      follow={false}
      onFollow={() => {}}
      selected={null}
      onSelect={() => {}}
      onOpen={() => {}}
      subscribe={subscribe}
      {...parts}
    />
  );
}

it("a_thousand_packets_need_as_many_rows_as_fit", () => {
  const { getByRole, container } = render(grid());
  expect(getByRole("grid").getAttribute("aria-rowcount")).toBe("1001");
  // Ten fit, four are spare.
  expect(container.querySelectorAll(".packet-row")).toHaveLength(14);
});

it("the_arrow_keys_move_the_one_selected_row", () => {
  const onSelect = vi.fn();
  const { getByRole, rerender } = render(grid({ onSelect }));
  fireEvent.keyDown(getByRole("grid"), { key: "Home" });
  expect(onSelect).toHaveBeenLastCalledWith(1);
  rerender(grid({ onSelect, selected: 1 }));
  fireEvent.keyDown(getByRole("grid"), { key: "ArrowDown" });
  expect(onSelect).toHaveBeenLastCalledWith(2);
  rerender(grid({ onSelect, selected: 2 }));
  const active = document.getElementById(getByRole("grid").getAttribute("aria-activedescendant") ?? "");
  expect(active?.getAttribute("aria-rowindex")).toBe("3");
});

it("moving_away_from_the_newest_row_ends_following", () => {
  const onFollow = vi.fn();
  const { getByRole } = render(grid({ follow: true, onFollow }));
  fireEvent.keyDown(getByRole("grid"), { key: "ArrowUp" });
  expect(onFollow).toHaveBeenLastCalledWith(false);
});

it("fifty_mounts_leave_nothing_behind", () => {
  for (let round = 0; round < 50; round += 1) render(grid()).unmount();
  expect(subscriptions.size).toBe(0);
  expect(observers).toBe(0);
});

it("the_wheel_moves_a_list_of_millions_by_rows_not_by_the_scaled_bar", () => {
  const onSelect = vi.fn();
  const { getByRole } = render(grid({ source: source(5_000_000), onSelect, selected: 1 }));
  // 260 pixels are ten rows, although the scroll bar of 8 million pixels stands for 130 million.
  fireEvent.wheel(getByRole("grid"), { deltaY: 260 });
  const first = getByRole("grid").querySelectorAll(".packet-row");
  const numbers = [...first].map((row) => Number(row.getAttribute("aria-rowindex")));
  expect(Math.min(...numbers)).toBe(12);
});

it("leaving_the_newest_row_with_the_wheel_ends_following", () => {
  const onFollow = vi.fn();
  const { getByRole } = render(grid({ source: source(5_000_000), follow: true, onFollow }));
  fireEvent.wheel(getByRole("grid"), { deltaY: -260 });
  expect(onFollow).toHaveBeenLastCalledWith(false);
  fireEvent.wheel(getByRole("grid"), { deltaY: 1_000 });
  expect(onFollow).toHaveBeenLastCalledWith(true);
});
