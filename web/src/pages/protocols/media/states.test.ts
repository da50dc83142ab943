import { expect, it } from "vitest";
import { mediaStrings } from "../../../lib/media-strings";
import { callState, streamState } from "./states";

const { calls, streams } = mediaStrings;

it("who_talks_while_packets_come_talks_and_at_the_end_did_so", () => {
  expect(callState("talking", false)).toEqual({ tone: "ok", text: calls.states.talking });
  expect(callState("talking", true)).toEqual({ tone: "none", text: "talking at the end" });
  expect(streamState(true, false)).toEqual({ tone: "ok", text: streams.active });
  expect(streamState(true, true)).toEqual({ tone: "none", text: streams.activeAtEnd });
});

it("what_was_done_before_is_the_same_after_the_end", () => {
  for (const state of ["ended", "cancelled", "failed"] as const)
    expect(callState(state, true)).toEqual(callState(state, false));
  expect(streamState(false, true)).toEqual(streamState(false, false));
});
