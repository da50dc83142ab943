/** Which sign stands before a flow's state. */

import type { Tone } from "../../components/StateDot";
import type { FlowListed } from "../../generated/FlowListed";

export function toneOf({ state, active }: Pick<FlowListed, "state" | "active">): Tone {
  if (state === "reset" || state === "refused" || state === "timed_out") return "crit";
  const over = state === "closing" || state === "closed";
  return active && !over ? "ok" : "none";
}
