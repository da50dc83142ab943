// @vitest-environment jsdom

import { cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { status } from "../../live/fixtures";
import { connectionChanged, useSession } from "../../live/session";
import { useAskAgain } from "./ask-again";

beforeEach(() => {
  vi.useFakeTimers();
  connectionChanged({ state: "open" });
  useSession.setState({ status: status({ state: "running", session: 1 }), pausedAtPackets: null });
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

it("a_running_session_is_asked_at_once_and_once_a_second", () => {
  const ask = vi.fn();
  const { unmount } = renderHook(() => useAskAgain(ask));
  expect(ask).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(3_500);
  expect(ask).toHaveBeenCalledTimes(4);
  unmount();
  vi.advanceTimersByTime(3_500);
  expect(ask).toHaveBeenCalledTimes(4);
});

it("what_is_over_or_paused_is_asked_once", () => {
  for (const state of [
    { status: status({ state: "finished" as const, session: 1 }) },
    { pausedAtPackets: 10 },
  ]) {
    useSession.setState(state);
    const ask = vi.fn();
    const { unmount } = renderHook(() => useAskAgain(ask));
    vi.advanceTimersByTime(5_000);
    expect(ask).toHaveBeenCalledTimes(1);
    unmount();
  }
});

it("nobody_is_asked_who_is_not_connected", () => {
  connectionChanged({ state: "connecting" });
  const ask = vi.fn();
  renderHook(() => useAskAgain(ask));
  vi.advanceTimersByTime(5_000);
  expect(ask).not.toHaveBeenCalled();
});

it("a_page_out_of_sight_asks_for_nothing", () => {
  const ask = vi.fn();
  renderHook(() => useAskAgain(ask));
  vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  vi.advanceTimersByTime(5_000);
  expect(ask).toHaveBeenCalledTimes(1);
});
