// @vitest-environment jsdom

import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { Choice } from "./Choice";

afterEach(cleanup);

const CHOICES = [
  { value: "all", label: "All" },
  { value: "active", label: "Active", hint: "Spoke lately" },
] as const;

it("another_one_is_chosen_at_a_press_and_the_one_that_is_on_stays_on", () => {
  const chosen = vi.fn();
  render(<Choice label="Which" choices={CHOICES} chosen="all" onChoose={chosen} />);
  const on = screen.getByRole("radio", { name: "All" });
  expect(on.getAttribute("aria-checked")).toBe("true");
  fireEvent.click(on);
  expect(chosen).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole("radio", { name: "Active" }));
  expect(chosen).toHaveBeenLastCalledWith("active");
});
