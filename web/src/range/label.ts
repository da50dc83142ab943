/** The range in words. */

import { timeSpan, UNKNOWN } from "../lib/format";
import { strings } from "../lib/strings";
import { model } from "../live/model";
import { useSession } from "../live/session";
import { DEFAULT_LIVE, type Range, type Span, shortLength } from "./range";
import { useRange } from "./store";

export function rangeText(range: Range): string {
  switch (range.kind) {
    case "following":
      return strings.range.last(shortLength(range.seconds));
    case "whole":
      return strings.range.wholeSession;
    case "between":
      return spanText(range);
  }
}

/** The two moments of a span. */
export function spanText(span: Span | null): string {
  if (span === null) return UNKNOWN;
  return timeSpan(span.from * 1000, span.to * 1000, model.latest.totals?.now_ms ?? Date.now());
}

/** The range on the screen, in words; it follows every change of it. */
export function useRangeLabel(): string {
  return rangeText(useShownRange());
}

/** The range on the screen, also where nobody chose one. */
export function useShownRange(): Range {
  const range = useRange((state) => state.range);
  const file = useSession((session) => session.status?.source?.kind === "file");
  return range ?? (file ? { kind: "whole" } : DEFAULT_LIVE);
}
