// @vitest-environment jsdom

import { beforeEach, expect, it, vi } from "vitest";
import { appsTopic, initialState, point, status, totals } from "./fixtures";
import { callsTopic, rtpStream } from "./media-fixtures";
import { model } from "./model";
import { connectionChanged, pause, receive, resume, useSession } from "./session";
import { summaries, summary } from "./word-fixtures";

function begin(session: number) {
  receive({
    type: "initial_state",
    ...initialState({ status: status({ state: "running", session }), history: [point(10), point(11)] }),
  });
}

function update(sequence: number, packets: number) {
  const data = totals({ points: [point(11 + sequence)] });
  receive({
    type: "update",
    sequence,
    session: 1,
    topic: "totals",
    data: { ...data, traffic: { ...data.traffic, packets } },
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  resume();
});

it("a_new_session_forgets_the_charts_of_the_one_before", () => {
  begin(1);
  update(1, 5);
  expect(model.history.length).toBe(3);
  begin(2);
  expect(model.history.length).toBe(2);
});

it("what_react_shows_is_copied_once_a_second_at_most", () => {
  begin(1);
  vi.advanceTimersByTime(1_000);
  const copies: number[] = [];
  const stop = useSession.subscribe(({ totals: copy }, { totals: before }) => {
    if (copy !== before) copies.push(copy?.traffic.packets ?? 0);
  });
  for (let sequence = 1; sequence <= 8; sequence += 1) {
    update(sequence, sequence);
    vi.advanceTimersByTime(250);
  }
  stop();
  // Two seconds of updates: the first at once, then one a second with the newest number.
  expect(copies.length).toBeLessThanOrEqual(3);
});

it("a_pause_keeps_the_numbers_and_a_resume_shows_the_newest", () => {
  begin(1);
  pause();
  update(1, 42);
  vi.advanceTimersByTime(5_000);
  expect(useSession.getState().totals?.traffic.packets).toBe(0);
  resume();
  expect(useSession.getState().totals?.traffic.packets).toBe(42);
});

it("rules_are_known_while_the_view_is_paused_and_the_numbers_stand", () => {
  begin(1);
  pause();
  const rules = [{ app: "Camera", match: "192.0.2.7", category: null }];
  receive({ type: "update", sequence: 1, session: 1, topic: "apps", data: appsTopic([], { rules }) });
  expect(useSession.getState().rules).toEqual(rules);
  expect(useSession.getState().apps?.rules ?? []).toEqual([]);
});

it("calls_are_those_of_the_session_that_goes_on", () => {
  begin(1);
  const data = callsTopic({ streams: [rtpStream(7)] });
  receive({ type: "update", sequence: 1, session: 1, topic: "calls", data });
  vi.advanceTimersByTime(1_000);
  expect(useSession.getState().calls?.streams.map(({ id }) => id)).toEqual([7]);
  begin(2);
  expect(useSession.getState().calls).toBeNull();
});

it("what_is_said_in_words_comes_while_the_view_is_paused", () => {
  pause();
  const data = summaries({ periodic: [summary(1)] });
  receive({ type: "update", sequence: 1, session: 1, topic: "summaries", data });
  expect(useSession.getState().summaries?.periodic).toHaveLength(1);
});

it("a_pause_ends_with_its_session", () => {
  begin(1);
  pause();
  begin(2);
  expect(useSession.getState().pausedAtPackets).toBeNull();
});

it("a_loss_lasts_from_its_first_failure_through_all_tries", () => {
  connectionChanged({ state: "open" });
  connectionChanged({ state: "closed", since_ms: 0, retry_at_ms: 0 });
  const lost_at_ms = useSession.getState().lost_at_ms;
  vi.advanceTimersByTime(3_000);
  connectionChanged({ state: "connecting" });
  connectionChanged({ state: "closed", since_ms: 0, retry_at_ms: 0 });
  expect(useSession.getState().lost_at_ms).toBe(lost_at_ms);
  connectionChanged({ state: "open" });
  expect(useSession.getState().lost_at_ms).toBeNull();
});
