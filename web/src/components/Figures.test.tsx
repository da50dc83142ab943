// @vitest-environment jsdom

import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { Figures } from "./Figures";

afterEach(cleanup);

it("a_number_that_leads_somewhere_is_a_button_and_others_are_text", () => {
  const go = vi.fn();
  render(
    <Figures
      figures={[
        { label: "Refused", value: "3", link: { hint: "Show these flows", go } },
        { label: "Ended by a reset", value: "0" },
      ]}
    />,
  );
  screen.getByRole("button", { name: "3" }).click();
  expect(go).toHaveBeenCalledOnce();
  expect(screen.getAllByRole("button").length).toBe(1);
});
