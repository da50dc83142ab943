// @vitest-environment jsdom

import { beforeEach, expect, it } from "vitest";
import { status } from "./fixtures";
import { markSeen, sessionName, unreadOf, useSeen } from "./unread";
import { sessionReport, summaries, summary } from "./word-fixtures";

const FIRST = sessionName(status({ session: 1, started_at: "2026-11-20T14:02:00Z" }));
const ANEW = sessionName(status({ session: 1, started_at: "2026-11-20T15:00:00Z" }));

beforeEach(() => useSeen.setState({ seen: null }));

function unread(said: Parameters<typeof unreadOf>[0], session = FIRST): number {
  return unreadOf(said, session, useSeen.getState().seen);
}

it("what_came_since_the_last_look_is_counted_and_the_report_once", () => {
  expect(unread(summaries({ periodic: [summary(1), summary(2)] }))).toBe(2);
  markSeen(summaries({ periodic: [summary(1), summary(2)] }), FIRST);
  expect(unread(summaries({ periodic: [summary(1), summary(2)] }))).toBe(0);
  // Two more summaries and the report.
  const later = summaries({ periodic: [summary(3), summary(4)], report: sessionReport() });
  expect(unread(later)).toBe(3);
  markSeen(later, FIRST);
  expect(unread(later)).toBe(0);
});

it("of_a_long_session_those_that_are_not_sent_any_more_count_too", () => {
  const newest = Array.from({ length: 20 }, (_, place) => summary(place + 11));
  expect(unread(summaries({ periodic: newest }))).toBe(30);
});

it("a_session_of_another_run_of_the_program_is_another_one_although_its_number_is_the_same", () => {
  markSeen(summaries({ periodic: [summary(1)] }), FIRST);
  expect(unread(summaries({ periodic: [summary(1)] }), ANEW)).toBe(1);
});

it("it_is_remembered_in_the_tab", () => {
  markSeen(summaries({ periodic: [summary(1)] }), FIRST);
  expect(JSON.parse(sessionStorage.getItem("netsonde.seen") ?? "")).toEqual({
    session: FIRST,
    last: 1,
    report: false,
  });
});
