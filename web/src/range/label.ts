/** The range in words. */

import { timeOfDay, UNKNOWN } from "../lib/format";
import { strings } from "../lib/strings";
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
  return strings.range.between(timeOfDay(span.from * 1000), timeOfDay(span.to * 1000));
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
