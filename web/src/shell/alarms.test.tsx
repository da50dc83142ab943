// @vitest-environment jsdom

import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { useAnnouncement } from "../lib/announce";
import { strings } from "../lib/strings";
import { useSession } from "../live/session";
import { finding, findings } from "../live/word-fixtures";
import { useAlarms } from "./alarms";

beforeEach(() => {
  useAnnouncement.setState({ words: "" });
  useSession.setState({ findings: null });
});
afterEach(cleanup);

function come(...list: Parameters<typeof findings>[0]): string {
  act(() => useSession.setState({ findings: findings(list) }));
  return useAnnouncement.getState().words;
}

it("what_becomes_critical_is_said_once_and_nothing_that_was_there_before", () => {
  renderHook(useAlarms);
  const old = finding(1, { severity: "critical", title: "Old" });
  expect(come(old)).toBe("");
  expect(come(old, finding(2), finding(3, { severity: "critical", holds: false }))).toBe("");
  const poor = finding(4, { severity: "critical", title: "A call sounds poor" });
  expect(come(old, poor)).toBe(strings.announce.critical("A call sounds poor"));
  useAnnouncement.setState({ words: "" });
  expect(come(old, { ...poor, holds: false })).toBe("");
  expect(come(old, poor)).toBe("");
});
