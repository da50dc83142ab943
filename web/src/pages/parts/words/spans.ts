/** The times that facts, findings and summaries are of. */

import type { Span } from "../../../generated/Span";
import { timeSpan, UNKNOWN } from "../../../lib/format";

/** From when to when, in the viewer's zone. */
export function spanText({ from_ms, to_ms }: Span): string {
  return from_ms === null || to_ms === null ? UNKNOWN : timeSpan(from_ms, to_ms, Date.now());
}
