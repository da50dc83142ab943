// @vitest-environment jsdom

import { act, cleanup, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { wordStrings } from "../../lib/word-strings";
import { useSession } from "../../live/session";
import { finding, findings } from "../../live/word-fixtures";
import { AlertStrip, alertsOf } from "./AlertStrip";

vi.mock(import("@tanstack/react-router"), async (original) => ({
  ...(await original()),
  Link: (({ search, children }: { search?: { sel?: number }; children: ReactNode }) => (
    <a href={`/findings?sel=${search?.sel}`}>{children}</a>
  )) as never,
}));

afterEach(() => {
  cleanup();
  act(() => useSession.setState({ findings: null }));
});

function lines(...list: Parameters<typeof findings>[0]): string[] {
  act(() => useSession.setState({ findings: findings(list) }));
  render(<AlertStrip />);
  return screen.queryAllByRole("listitem").map(({ textContent }) => textContent ?? "");
}

it("nothing_stands_above_the_numbers_while_nothing_is_wrong", () => {
  expect(lines(finding(1, { severity: "info" }), finding(2, { holds: false }))).toEqual([]);
  expect(screen.queryByRole("region")).toBeNull();
});

it("of_a_session_that_has_ended_also_what_was_over_before_its_end_is_told", () => {
  const list = [finding(1), finding(2, { severity: "critical", holds: false })];
  expect(alertsOf(list, false).map(({ id }) => id)).toEqual([1]);
  expect(alertsOf(list, true).map(({ id }) => id)).toEqual([2, 1]);
});

it("the_worst_comes_first_and_more_than_three_are_counted", () => {
  const list = [1, 2, 3].map((id) => finding(id, { title: `warning ${id}` }));
  const told = lines(...list, finding(4, { severity: "critical", title: "critical 4" }), finding(5));
  expect(told).toHaveLength(3);
  expect(told[0]).toContain("critical 4");
  expect(told[1]).toContain("warning 1");
  // Five hold, three are shown.
  screen.getByText(wordStrings.strip.more("2"));
  expect(screen.getAllByRole("link")[0]?.getAttribute("href")).toBe("/findings?sel=4");
});
