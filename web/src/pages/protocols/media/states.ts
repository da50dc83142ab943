/** How far a call or a stream has come, as a sign and in words. In what is over nobody talks, whoever was not done. */

import type { Tone } from "../../../components/StateDot";
import type { CallState } from "../../../generated/CallState";
import { mediaStrings } from "../../../lib/media-strings";

const { calls, streams } = mediaStrings;

const TONES: Record<CallState, Tone> = {
  calling: "warn",
  ringing: "warn",
  talking: "ok",
  ended: "none",
  cancelled: "none",
  failed: "crit",
};

export interface Shown {
  tone: Tone;
  text: string;
}

/** `over` says that the session is. */
export function callState(state: CallState, over: boolean): Shown {
  const done = state === "ended" || state === "cancelled" || state === "failed";
  if (done || !over) return { tone: TONES[state], text: calls.states[state] };
  return { tone: "none", text: calls.stateAtEnd(calls.states[state]) };
}

export function streamState(active: boolean, over: boolean): Shown {
  if (!active) return { tone: "none", text: streams.silent };
  return over ? { tone: "none", text: streams.activeAtEnd } : { tone: "ok", text: streams.active };
}
