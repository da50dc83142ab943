// @vitest-environment jsdom

import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { HexView } from "./HexView";

beforeEach(() => {
  Element.prototype.scrollIntoView = () => {};
});
afterEach(cleanup);

it("the_arrows_go_from_byte_to_byte_and_line_to_line", () => {
  render(<HexView bytes={"00".repeat(16) + "41".repeat(4)} label="Bytes" />);
  const bytes = screen.getByRole("region", { name: "Bytes" });
  fireEvent.keyDown(bytes, { key: "ArrowDown" });
  expect(screen.getByText(/0x0000/)).toBeTruthy();
  fireEvent.keyDown(bytes, { key: "ArrowDown" });
  expect(screen.getByText(/0x0010 \(16\) 41 65/)).toBeTruthy();
  fireEvent.keyDown(bytes, { key: "End" });
  expect(screen.getByText(/0x0013/)).toBeTruthy();
});

it("a_mark_stands_in_the_digits_and_in_the_text", () => {
  const { container } = render(<HexView bytes={"41".repeat(20)} label="Bytes" />);
  fireEvent.keyDown(screen.getByRole("region", { name: "Bytes" }), { key: "Home" });
  fireEvent.keyDown(screen.getByRole("region", { name: "Bytes" }), { key: "ArrowRight" });
  const marks = [...container.querySelectorAll("i")].map((mark) => [mark.style.left, mark.style.width]);
  expect(marks).toEqual([
    ["3ch", "2ch"],
    ["1ch", "1ch"],
  ]);
});

it("a_shorter_packet_does_not_keep_a_mark_beyond_its_end", () => {
  const { container, rerender } = render(<HexView bytes={"41".repeat(20)} label="Bytes" />);
  fireEvent.keyDown(screen.getByRole("region", { name: "Bytes" }), { key: "End" });
  rerender(<HexView bytes="4141" label="Bytes" />);
  expect(container.querySelectorAll("i")).toHaveLength(0);
});
