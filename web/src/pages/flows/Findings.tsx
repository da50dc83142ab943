/** What was found in a flow's packets: how often, and each of the newest with the packet it was found in. */

import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { FlowDetail } from "../../generated/FlowDetail";
import { findingText, flowStrings } from "../../lib/flow-strings";
import { count, dateAndUtc, packetTime } from "../../lib/format";

const { findings: words } = flowStrings;

export function Findings({ detail }: { detail: FlowDetail }) {
  const { listed, findings, counts } = detail;
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const [only, setOnly] = useState<string | null>(null);
  const newest = findings.filter(({ event }) => only === null || event === only).reverse();
  return (
    <section aria-label={words.title} className="panel px-3 py-2 text-table">
      <h3 className="flex items-baseline gap-2 font-semibold text-fg-2">
        {words.title}
        {findings.length > 0 && findings.length < all && (
          <span className="ml-auto font-normal text-fg-3">
            {words.newest(count(findings.length), count(all))}
          </span>
        )}
      </h3>
      {counts.length > 0 && (
        <ul className="flex flex-wrap gap-1.5 py-2">
          {counts.map(({ event, count: times }) => (
            <li key={event}>
              <button
                type="button"
                aria-pressed={only === event}
                title={words.only}
                className="h-6 rounded-full border border-line px-2 text-fg-2 text-meta hover:bg-raised aria-pressed:border-accent aria-pressed:text-fg"
                onClick={() => setOnly(only === event ? null : event)}
              >
                {findingText(event)} <span className="font-semibold text-fg">{count(times)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {newest.length === 0 && <p className="py-1 text-fg-3">{whyNone(detail, only)}</p>}
      {newest.length > 0 && (
        <ol className="flex flex-col">
          {newest.map(({ number, time_ms, by_client, event }) => (
            <li key={`${number} ${event}`}>
              <Link
                to="/live"
                search={{ packet: number, flow: listed.id }}
                title={words.open(count(number))}
                className="grid h-(--row) grid-cols-[84px_64px_48px_minmax(0,1fr)] items-center gap-x-2 rounded hover:bg-raised"
              >
                <span title={dateAndUtc(time_ms)}>{packetTime(time_ms)}</span>
                <span className="text-right text-accent">{count(number)}</span>
                <span className="text-fg-3">{by_client ? words.by.client : words.by.server}</span>
                <span className="truncate">{findingText(event)}</span>
              </Link>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** That nothing is wrong can only be said of a flow of which every packet was looked at. */
function whyNone({ listed, tcp, course }: FlowDetail, only: string | null): string {
  if (tcp === null) return words.noneOther;
  if (only !== null) return words.noneOfKind;
  if (course.packets === 0) return words.unknown;
  if (course.is_cut) return words.noneLookedAt(count(course.packets));
  const all = listed.packets_up + listed.packets_down;
  return course.packets < all ? words.noneKept(count(course.packets)) : words.none;
}
