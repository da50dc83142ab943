// @vitest-environment jsdom

import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { useAnnouncement } from "../lib/announce";
import { strings } from "../lib/strings";
import { status } from "../live/fixtures";
import { useSession } from "../live/session";
import { markSeen, sessionName, useSeen } from "../live/unread";
import { summaries, summary } from "../live/word-fixtures";
import { useUnread } from "./unread";

const STATUS = status({ session: 1, state: "running" });

beforeEach(() => {
  useSeen.setState({ seen: null });
  useAnnouncement.setState({ words: "" });
  useSession.setState({ status: STATUS, summaries: null });
});
afterEach(cleanup);

function come(...ids: number[]): void {
  act(() => useSession.setState({ summaries: summaries({ periodic: ids.map((id) => summary(id)) }) }));
}

it("what_was_there_is_counted_in_silence_and_what_comes_is_said_once", () => {
  const { result } = renderHook(useUnread);
  come(1, 2);
  expect(result.current).toBe(2);
  expect(useAnnouncement.getState().words).toBe("");
  come(1, 2, 3);
  expect(result.current).toBe(3);
  expect(useAnnouncement.getState().words).toBe(strings.announce.said("3"));
});

it("whoever_has_looked_has_nothing_unread", () => {
  const { result } = renderHook(useUnread);
  come(1, 2);
  act(() => markSeen(summaries({ periodic: [summary(1), summary(2)] }), sessionName(STATUS)));
  expect(result.current).toBe(0);
  come(1, 2, 3);
  expect(result.current).toBe(1);
});
