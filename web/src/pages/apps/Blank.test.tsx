// @vitest-environment jsdom

import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { appStrings } from "../../lib/app-strings";
import { ruleStrings } from "../../lib/rule-strings";
import { Blank } from "./Blank";

afterEach(cleanup);

it("flows_without_a_known_name_are_counted_and_lead_to_the_rules", () => {
  const rules = vi.fn();
  render(<Blank filtered={false} flows={309} onClear={vi.fn()} onRules={rules} />);
  screen.getByText("None of 309 flows has a name that is known.");
  fireEvent.click(screen.getByRole("button", { name: ruleStrings.manage }));
  expect(rules).toHaveBeenCalled();
});

it("without_a_flow_there_is_nothing_to_name", () => {
  render(<Blank filtered={false} flows={0} onClear={vi.fn()} onRules={vi.fn()} />);
  screen.getByText(appStrings.none);
  expect(screen.queryByRole("button")).toBeNull();
});
