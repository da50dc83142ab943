/** What has changed, the newest first: each change leads to where it shows. */

import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import { useMemo } from "react";
import { Panel } from "../../components/Panel";
import type { Change } from "../../generated/Change";
import type { Findings } from "../../generated/Findings";
import { dateAndUtc, timeOfDay } from "../../lib/format";
import type { Table } from "../../lib/table";
import { wordStrings } from "../../lib/word-strings";
import { byId } from "../parts/words/facts";
import { SeeLink } from "../parts/words/SeeLink";
import { Words } from "../parts/words/Sentences";

const { changes: words } = wordStrings;

export function WhatChanged({ findings, className }: { findings: Findings; className: string }) {
  const { changes, facts } = findings;
  const known = useMemo(() => byId(facts), [facts]);
  const table = useMemo(() => tableOf(changes), [changes]);
  return (
    <Panel
      title={words.title}
      className={className}
      table={table}
      meta={
        <Link
          to="/findings"
          search={{ all: true }}
          className="inline-flex min-h-6 items-center text-accent hover:underline"
        >
          {words.all}
        </Link>
      }
    >
      {changes.length === 0 ? (
        <div className="px-3 pb-3">
          <p>{words.none}</p>
          <p className="text-fg-3">{words.noneHint}</p>
        </div>
      ) : (
        <ol
          aria-label={words.title}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className="min-h-40 flex-1 basis-0 overflow-auto px-3 pb-2 focus-visible:-outline-offset-2"
        >
          {changes.map((change, place) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: two changes may be alike but for their place
              key={place}
              className="flex items-baseline gap-2.5 border-line py-1 not-first:border-t"
            >
              <span className="shrink-0 text-fg-3 text-table" title={dateAndUtc(change.at_ms)}>
                {timeOfDay(change.at_ms)}
              </span>
              <span className="wrap-anywhere min-w-0 flex-1">
                <Words sentence={change.sentence} facts={known} />
              </span>
              <SeeLink
                see={change.see}
                aria-label={`${words.show}: ${textOf(change)}`}
                title={words.show}
                className="grid size-6 shrink-0 place-items-center self-center rounded text-fg-3 hover:bg-raised hover:text-fg"
              >
                <ArrowRight size={14} aria-hidden="true" />
              </SeeLink>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

function textOf({ sentence }: Change): string {
  return sentence.pieces.map(({ text }) => text).join("");
}

function tableOf(changes: readonly Change[]): Table {
  return {
    columns: [
      {
        label: words.time,
        text: timeOfDay,
        file: (ms) => (ms === null ? "" : new Date(ms).toISOString()),
      },
      { label: words.what },
    ],
    rows: () => changes.map((change) => [change.at_ms, textOf(change)]),
  };
}
