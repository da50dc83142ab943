// @vitest-environment jsdom

import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { strings } from "../lib/strings";
import { Panel } from "./Panel";

afterEach(cleanup);

let broken = true;

function Fragile() {
  if (broken) throw new Error("no numbers");
  return <p>numbers</p>;
}

it("a_failed_panel_leaves_the_others_and_can_be_tried_again", () => {
  // React reports what a boundary caught.
  vi.spyOn(console, "error").mockImplementation(() => {});
  render(
    <>
      <Panel title="First">
        <Fragile />
      </Panel>
      <Panel title="Second">still here</Panel>
    </>,
  );
  expect(screen.getByText("still here")).toBeTruthy();
  expect(screen.getByText("no numbers")).toBeTruthy();
  broken = false;
  fireEvent.click(screen.getByText(strings.panel.retry));
  expect(screen.getByText("numbers")).toBeTruthy();
});

it("a_full_panel_is_alone_and_escape_brings_the_others_back", () => {
  render(
    <main>
      <Panel title="First">numbers</Panel>
      <p>beside</p>
    </main>,
  );
  fireEvent.keyDown(screen.getByRole("button", { name: strings.panel.menuOf("First") }), { key: "Enter" });
  fireEvent.click(screen.getByText(strings.panel.full));
  expect(screen.getByText("beside").hasAttribute("inert")).toBe(true);
  fireEvent.keyDown(window, { key: "Escape" });
  expect(screen.getByText("beside").hasAttribute("inert")).toBe(false);
});
