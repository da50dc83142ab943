/** What part of the whole an application is: the same wherever it is shown. */

import type { AppRow } from "../../generated/AppRow";
import type { AppsTopic } from "../../generated/AppsTopic";

/** What shares are of: all bytes of the session, or what flows at this moment. */
export const MEASURES = ["session", "now"] as const;

export type Measure = (typeof MEASURES)[number];

/** What is compared: bytes of the session, or bits per second; `null` where there is no rate, as in a file. */
export function amountOf(row: Pick<AppRow, "bytes" | "bps">, measure: Measure): number | null {
  return measure === "now" ? row.bps : row.bytes;
}

/** What shares are of: everything that was seen, applications that are left out and what has no label included. */
export function wholeOf(topic: AppsTopic, measure: Measure, allBytes: number): number {
  const { unlabelled, unlabelled_bps } = topic;
  const rest = amountOf({ bytes: unlabelled.bytes, bps: unlabelled_bps }, measure) ?? 0;
  const sum = topic.apps.reduce((all, row) => all + (amountOf(row, measure) ?? 0), rest);
  // Where all are listed their sum is the whole, be it counted a moment earlier or later than all bytes.
  return measure === "session" && topic.omitted > 0 ? Math.max(sum, allBytes) : sum;
}

/** A share of nothing is unknown. */
export function shareOf(amount: number | null, whole: number): number | null {
  return amount === null || whole === 0 ? null : amount / whole;
}
