/** Which summaries somebody has seen in this tab. */

import { create } from "zustand";
import type { Status } from "../generated/Status";
import type { Summaries } from "../generated/Summaries";

/** What was seen of one session. */
export interface Seen {
  /** Numbers of sessions begin anew with the program: the session goes by number and start. */
  session: string;
  /** The id of the newest summary that was seen; 0 before the first. */
  last: number;
  report: boolean;
}

const KEY = "netsonde.seen";

export const useSeen = create<{ seen: Seen | null }>(() => ({ seen: stored() }));

export function sessionName({ session, started_at }: Pick<Status, "session" | "started_at">): string {
  return `${session} ${started_at ?? ""}`;
}

/** How many summaries, and a report, have come since. */
export function unreadOf({ periodic, report }: Summaries, session: string, seen: Seen | null): number {
  const known = seen?.session === session ? seen : { last: 0, report: false };
  // They are numbered one by one; of those of a long session not all are sent.
  const newest = periodic.at(-1)?.id ?? 0;
  return Math.max(0, newest - known.last) + (report !== null && !known.report ? 1 : 0);
}

/** Everything that is there has been seen. */
export function markSeen({ periodic, report }: Summaries, session: string): void {
  const seen: Seen = { session, last: periodic.at(-1)?.id ?? 0, report: report !== null };
  const before = useSeen.getState().seen;
  if (before?.session === session && before.last === seen.last && before.report === seen.report) return;
  useSeen.setState({ seen });
  try {
    sessionStorage.setItem(KEY, JSON.stringify(seen));
  } catch {
    // It is remembered until the page is closed.
  }
}

function stored(): Seen | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return isSeen(value) ? value : null;
  } catch {
    return null;
  }
}

function isSeen(value: unknown): value is Seen {
  if (typeof value !== "object" || value === null) return false;
  const { session, last, report } = value as Partial<Record<keyof Seen, unknown>>;
  return typeof session === "string" && typeof last === "number" && typeof report === "boolean";
}
