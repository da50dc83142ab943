// @vitest-environment jsdom

import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Status } from "../../generated/Status";
import { saidStrings } from "../../lib/said-strings";
import { strings } from "../../lib/strings";
import { status } from "../../live/fixtures";
import { useSession } from "../../live/session";
import { sessionReport, summaries } from "../../live/word-fixtures";
import { Report } from "./Report";

const { report: words } = saidStrings;

/** Stands for the frame, which would load a document: the versions that were asked for, and the way to answer. */
const versions: string[] = [];
let answer: (problem: string | null) => void = () => {};
vi.mock("./ReportFrame", () => ({
  ReportFrame: ({ version, onLoad }: { version: string; onLoad: typeof answer }) => {
    if (versions.at(-1) !== version) versions.push(version);
    answer = onLoad;
    return null;
  },
}));

beforeEach(() => {
  versions.length = 0;
  useSession.setState({ connection: { state: "open" }, summaries: summaries() });
});
afterEach(cleanup);

function show(parts: Partial<Status>): void {
  useSession.setState({ status: status(parts) });
  render(<Report />);
}

it("without_a_session_there_is_none_and_nothing_is_asked_for", () => {
  show({});
  screen.getByText(words.none);
  expect(versions).toEqual([]);
});

it("while_the_session_goes_on_it_is_as_of_a_time_and_can_be_read_anew", () => {
  show({ session: 1, state: "running" });
  screen.getByText(words.running);
  fireEvent.click(screen.getByRole("button", { name: words.refresh }));
  expect(versions).toHaveLength(2);
});

it("at_the_end_it_is_being_written_then_final_and_read_anew_each_time", () => {
  show({ session: 1, state: "finished", summarizing: true });
  screen.getByText(words.writing);
  act(() => useSession.setState({ status: status({ session: 1, state: "finished" }) }));
  screen.getByText(words.final);
  // A model worded it better.
  const report = sessionReport({ author: { model: "gemma" } });
  act(() => useSession.setState({ summaries: summaries({ report }) }));
  expect(versions).toHaveLength(3);
  expect(screen.queryByRole("button", { name: words.refresh })).toBeNull();
});

it("why_there_is_no_document_is_said_and_can_be_tried_again", () => {
  show({ session: 1, state: "finished" });
  act(() => answer("there is no session to report on"));
  screen.getByText("there is no session to report on");
  expect(screen.getByRole<HTMLButtonElement>("button", { name: words.print }).disabled).toBe(true);
  fireEvent.click(screen.getByRole("button", { name: strings.panel.retry }));
  expect(versions).toHaveLength(2);
  act(() => answer(null));
  expect(screen.queryByRole("alert")).toBeNull();
});

it("while_the_program_is_away_the_document_stays", () => {
  show({ session: 1, state: "running" });
  act(() => useSession.setState({ connection: { state: "connecting" }, status: status({ session: 1 }) }));
  expect(versions).toHaveLength(1);
});

it("opened_while_the_program_is_away_it_asks_for_nothing_until_that_is_back", () => {
  useSession.setState({ connection: { state: "connecting" } });
  show({ session: 1, state: "finished" });
  screen.getByText(words.lost);
  expect(versions).toEqual([]);
  act(() => useSession.setState({ connection: { state: "open" } }));
  expect(versions).toHaveLength(1);
});
