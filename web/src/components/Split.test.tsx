// @vitest-environment jsdom

import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Split, shareOf } from "./Split";

beforeEach(() => localStorage.clear());
afterEach(cleanup);

function split() {
  return (
    <Split name="pane.details" label="Height" stacked initial={0.4} first={<p>one</p>} second={<p>two</p>} />
  );
}

it("the_arrows_share_the_room_and_the_share_is_remembered", () => {
  const { unmount } = render(split());
  const separator = screen.getByRole("separator");
  expect(separator.getAttribute("aria-valuenow")).toBe("60");
  fireEvent.keyDown(separator, { key: "ArrowUp" });
  expect(separator.getAttribute("aria-valuenow")).toBe("58");
  unmount();
  render(split());
  expect(screen.getByRole("separator").getAttribute("aria-valuenow")).toBe("58");
});

it("neither_pane_disappears", () => {
  render(split());
  const separator = screen.getByRole("separator");
  fireEvent.keyDown(separator, { key: "Home" });
  expect(separator.getAttribute("aria-valuenow")).toBe(separator.getAttribute("aria-valuemin"));
  fireEvent.keyDown(separator, { key: "Enter" });
  expect(separator.getAttribute("aria-valuenow")).toBe("60");
});

it("what_was_remembered_is_taken_with_care", () => {
  expect([shareOf(null, 0.4), shareOf("", 0.4), shareOf("wide", 0.4)]).toEqual([0.4, 0.4, 0.4]);
  expect([shareOf("0.3", 0.4), shareOf("7", 0.4), shareOf("-1", 0.4)]).toEqual([0.3, 0.85, 0.15]);
});
