// @vitest-environment jsdom

import { cleanup, fireEvent, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { setSingleKeys, useShortcuts } from "./shortcuts";

const actions = { "/": vi.fn(), "g d": vi.fn(), d: vi.fn(), " ": vi.fn() };

function Page() {
  useShortcuts(actions);
  return (
    <>
      <input aria-label="field" />
      <button type="button">press</button>
    </>
  );
}

beforeEach(() => {
  for (const action of Object.values(actions)) action.mockClear();
  setSingleKeys(true);
});
afterEach(cleanup);

it("a_key_acts_and_a_sequence_is_not_its_second_key", () => {
  render(<Page />);
  fireEvent.keyDown(document.body, { key: "/" });
  fireEvent.keyDown(document.body, { key: "g" });
  fireEvent.keyDown(document.body, { key: "d" });
  expect(actions["/"]).toHaveBeenCalledTimes(1);
  expect(actions["g d"]).toHaveBeenCalledTimes(1);
  expect(actions.d).not.toHaveBeenCalled();
});

it("what_is_typed_into_a_field_is_no_shortcut", () => {
  const { getByLabelText } = render(<Page />);
  fireEvent.keyDown(getByLabelText("field"), { key: "/" });
  expect(actions["/"]).not.toHaveBeenCalled();
});

it("space_on_a_button_presses_the_button_only", () => {
  const { getByText } = render(<Page />);
  fireEvent.keyDown(getByText("press"), { key: " " });
  expect(actions[" "]).not.toHaveBeenCalled();
  fireEvent.keyDown(document.body, { key: " " });
  expect(actions[" "]).toHaveBeenCalledTimes(1);
});

it("single_keys_can_be_turned_off", () => {
  setSingleKeys(false);
  render(<Page />);
  fireEvent.keyDown(document.body, { key: "/" });
  expect(actions["/"]).not.toHaveBeenCalled();
});

it("fifty_mounts_leave_no_listener_behind", () => {
  for (let round = 0; round < 50; round += 1) render(<Page />).unmount();
  fireEvent.keyDown(document.body, { key: "/" });
  expect(actions["/"]).not.toHaveBeenCalled();
});
