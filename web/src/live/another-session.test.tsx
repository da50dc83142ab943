// @vitest-environment jsdom

import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { useAnotherSession } from "./another-session";
import { status } from "./fixtures";
import { useSession } from "./session";

afterEach(cleanup);

function session(session: number | null): void {
  act(() => useSession.setState({ status: session === null ? null : status({ session }) }));
}

it("the_first_session_that_is_known_is_no_other_one", () => {
  session(null);
  const then = vi.fn();
  renderHook(() => useAnotherSession(then));
  session(3);
  session(3);
  expect(then).not.toHaveBeenCalled();
});

it("the_next_one_is_told_once", () => {
  session(3);
  const then = vi.fn();
  renderHook(() => useAnotherSession(then));
  session(4);
  session(4);
  expect(then).toHaveBeenCalledTimes(1);
});
