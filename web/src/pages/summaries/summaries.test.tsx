// @vitest-environment jsdom

import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { saidStrings } from "../../lib/said-strings";
import { allowAssistant, Refused } from "../../live/client";
import { assistant, sessionReport, summary } from "../../live/word-fixtures";
import { AssistantPanel } from "./AssistantPanel";
import { shownOf, summariesSearch } from "./address";
import { together } from "./older";
import { plainText } from "./plain-text";
import { WholeSession } from "./WholeSession";

vi.mock(import("../../live/client"), async (original) => ({
  ...(await original()),
  allowAssistant: vi.fn(),
}));
vi.mock(import("@tanstack/react-router"), async (original) => ({
  ...(await original()),
  useRouter: (() => ({})) as never,
  Link: (({ children }: { children: ReactNode }) => <span>{children}</span>) as never,
}));

afterEach(cleanup);

function show(node: ReactNode): HTMLElement {
  return render(<Tooltip.Provider>{node}</Tooltip.Provider>).container;
}

describe("the list", () => {
  const list = [summary(1), summary(2, { severity: "critical" }), summary(3, { severity: "warning" })];

  it("the_newest_comes_first_and_a_severity_leaves_out_what_is_less", () => {
    const ids = (severity?: string) => shownOf(list, summariesSearch({ severity })).map(({ id }) => id);
    expect(ids()).toEqual([3, 2, 1]);
    expect(ids("warning")).toEqual([3, 2]);
    expect(ids("critical")).toEqual([2]);
    expect(ids("dreadful")).toEqual([3, 2, 1]);
  });

  it("what_was_worded_better_meanwhile_stands_in_the_place_of_the_older_wording", () => {
    const older = [summary(1), summary(2, { text: "first wording" })];
    const newest = [summary(2, { text: "second wording" }), summary(3)];
    expect(together(older, newest).map(({ id, text }) => [id, text.slice(0, 6)])).toEqual([
      [1, "TCP se"],
      [2, "second"],
      [3, "TCP se"],
    ]);
  });

  it("as_text_it_says_how_bad_it_was_and_who_worded_it", () => {
    const text = plainText(summary(1, { severity: "warning", author: { model: "gemma" } }), null);
    expect(text).toMatch(/Warning\nTCP sent 3\.2 % of its segments again\.\n\(gemma\)\n$/);
  });
});

describe("the whole session", () => {
  it("a_part_without_numbers_says_what_it_has_to_say", () => {
    const container = show(<WholeSession report={sessionReport()} />);
    screen.getByText("There was no IGMP.");
    expect(container.querySelectorAll("dl")).toHaveLength(1);
  });

  it("one_line_says_why_no_model_worded_it", () => {
    show(<WholeSession report={sessionReport({ notice: "the model did not answer in 20 s" })} />);
    screen.getByText("the model did not answer in 20 s");
  });
});

describe("the language model", () => {
  const waiting = assistant({
    state: "waiting",
    model: "gemma",
    host: "127.0.0.1:11434",
    redacted: true,
    calls_left: 60,
  });
  const words = saidStrings.assistant;
  const button = (name: string) => screen.getByRole("button", { name });

  it("without_one_it_is_a_quiet_line_and_nothing_can_be_pressed", () => {
    show(<AssistantPanel assistant={assistant()} />);
    screen.getByText(words.off);
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("before_it_is_asked_it_says_where_what_would_go_and_may_be_put_off", () => {
    show(<AssistantPanel assistant={waiting} />);
    screen.getByText(words.waiting("gemma", "127.0.0.1:11434"));
    screen.getByText(words.redacted);
    fireEvent.click(button(words.notNow));
    expect(allowAssistant).not.toHaveBeenCalled();
    fireEvent.click(button(words.ask));
    fireEvent.click(button(words.allow));
    expect(allowAssistant).toHaveBeenCalledWith(true);
  });

  it("once_allowed_it_can_be_stopped_and_a_refusal_is_shown", async () => {
    vi.mocked(allowAssistant).mockRejectedValue(new Refused("not possible"));
    show(<AssistantPanel assistant={{ ...waiting, state: "allowed", problem: "answered 429" }} />);
    screen.getByText(words.callsLeft("60"));
    screen.getByText("answered 429");
    fireEvent.click(button(words.stop));
    await waitFor(() => screen.getByRole("alert"));
    screen.getByText("not possible");
    expect(allowAssistant).toHaveBeenCalledWith(false);
  });
});
