// @vitest-environment jsdom

import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { saidStrings } from "../../lib/said-strings";
import { finding, findings } from "../../live/word-fixtures";
import { findingsSearch, shownOf } from "./address";
import { FindingSheet } from "./FindingSheet";
import { FindingTable } from "./FindingTable";
import { NoFindings } from "./NoFindings";

const { findings: words, rules } = saidStrings;

vi.mock(import("@tanstack/react-router"), async (original) => ({
  ...(await original()),
  useRouter: (() => ({})) as never,
  Link: (({ to, search, children }: { to: string; search: object; children: ReactNode }) => (
    <a href={`${to}?${new URLSearchParams(search as Record<string, string>)}`}>{children}</a>
  )) as never,
}));

afterEach(cleanup);

function show(node: ReactNode): HTMLElement {
  return render(<Tooltip.Provider>{node}</Tooltip.Provider>).container;
}

it("an_address_keeps_what_fits_and_what_is_over_is_left_out_until_all_are_asked_for", () => {
  expect(findingsSearch({ all: true, sel: 0 })).toEqual({ all: true, sel: 0 });
  expect(findingsSearch({ all: "yes", sel: -1 })).toEqual({});
  const list = [finding(1), finding(2, { holds: false })];
  expect(shownOf(list, {}, false).map(({ id }) => id)).toEqual([1]);
  expect(shownOf(list, { all: true }, false).map(({ id }) => id)).toEqual([1, 2]);
});

it("of_a_session_that_has_ended_nothing_is_left_out_and_the_gravest_comes_first", () => {
  const list = [finding(1, { severity: "info" }), finding(2, { severity: "critical", holds: false })];
  expect(shownOf(list, {}, true).map(({ id }) => id)).toEqual([2, 1]);
});

it("a_row_opens_by_press_and_by_its_button_once_each", () => {
  const open = vi.fn();
  show(<FindingTable list={[finding(4, { title: "Many retransmissions" })]} selected={null} onOpen={open} />);
  fireEvent.click(screen.getByRole("button", { name: words.open_("Many retransmissions") }));
  fireEvent.click(screen.getByText("3.2 %"));
  expect(open.mock.calls).toEqual([[4], [4]]);
});

it("in_full_it_leads_to_its_flow_and_packet_and_says_how_its_facts_were_measured", () => {
  show(<FindingSheet id={1} topic={findings([finding(1)])} onClose={vi.fn()} />);
  expect(screen.getByRole("link", { name: words.flow }).getAttribute("href")).toBe("/flows?sel=7");
  expect(screen.getByRole("link", { name: words.packet("12") }).getAttribute("href")).toBe("/live?packet=12");
  screen.getByText("segments sent again, in those with payload");
  screen.getByText("Look at the connections that lose most.");
});

it("one_that_is_not_held_any_more_says_so", () => {
  show(<FindingSheet id={9} topic={findings([finding(1)])} onClose={vi.fn()} />);
  screen.getByText(words.gone);
});

it("where_nothing_was_found_it_says_what_is_watched", () => {
  show(<NoFindings watched ended={false} over={0} onAll={vi.fn()} />);
  screen.getByText(words.nothing);
  for (const { name } of Object.values(rules)) screen.getByText(name);
});

it("names_of_strangers_are_text", () => {
  const title = '<b onclick="x()">host</b>';
  const container = show(
    <FindingTable
      list={[finding(1, { title, subject: { host: title } })]}
      selected={null}
      onOpen={vi.fn()}
    />,
  );
  expect(container.querySelector("b")).toBeNull();
});
