/** How well something does: each quantity at this moment, on average, at most, and its distribution over the session. */

import { useMemo } from "react";
import { Panel } from "../../components/Panel";
import { Term } from "../../components/Term";
import type { Delays } from "../../generated/Delays";
import type { Latency } from "../../generated/Latency";
import type { Loss } from "../../generated/Loss";
import { count, delayText, percentageText, plainNumber } from "../../lib/format";
import { mediaStrings } from "../../lib/media-strings";
import type { Table } from "../../lib/table";
import { useOver } from "../parts/use-over";

const { quality: words } = mediaStrings;

const NUMBERS = ["now", "average", "peak", "p50", "p95", "p99", "max"] as const;

/** One quantity; each number is `null` where there was no sample. */
export interface QualityRow extends Record<(typeof NUMBERS)[number], number | null> {
  label: string;
  hint: string;
  unit: string;
  text: (value: number | null) => string;
  /** How many the distribution is made of; `null` where there is none. */
  samples: number | null;
}

/** `latency` is left out of what has no seconds of its own: then the average is that of the samples. */
export function delayRow(label: string, hint: string, delays: Delays, latency?: Latency): QualityRow {
  const { mean, p50, p95, p99, max, samples } = delays;
  return {
    label,
    hint,
    unit: "ms",
    text: delayText,
    now: latency?.now_ms ?? null,
    average: latency === undefined ? mean : latency.average_ms,
    peak: latency?.peak_ms ?? null,
    p50,
    p95,
    p99,
    max,
    samples,
  };
}

/** A share has no distribution. */
export function lossRow(label: string, hint: string, loss: Loss): QualityRow {
  return {
    label,
    hint,
    unit: "%",
    text: percentageText,
    now: loss.now_percentage,
    average: loss.average_percentage,
    peak: loss.peak_percentage,
    p50: null,
    p95: null,
    p99: null,
    max: null,
    samples: null,
  };
}

/** Left out in a narrow panel; the panel's table has them. */
const ROOM: Partial<Record<(typeof NUMBERS)[number] | "samples", string>> = {
  average: "@max-[300px]/panel:hidden",
  p50: "@max-[480px]/panel:hidden",
  p99: "@max-[480px]/panel:hidden",
  max: "@max-[560px]/panel:hidden",
  samples: "@max-[640px]/panel:hidden",
};

interface Props {
  title: string;
  /** Constant or memoised. */
  rows: readonly QualityRow[];
  className: string;
}

export function Quality({ title, rows, className }: Props) {
  const over = useOver();
  // What is over has no now: its newest numbers are those of its end.
  const now = over ? words.atEnd : words.now;
  const table = useMemo(() => tableOf(rows, now), [rows, now]);
  return (
    <Panel title={title} meta={over ? words.hintEnd : words.hint} table={table} className={className}>
      <div className="px-3 pb-2">
        <table className="w-full text-table">
          <thead className="text-fg-3 text-meta">
            <tr className="h-6">
              <th scope="col" className="text-left font-medium">
                <span className="sr-only">{words.quantity}</span>
              </th>
              {NUMBERS.map((name) => (
                <th key={name} scope="col" className={cell(name)}>
                  {name === "now" ? now : words[name]}
                </th>
              ))}
              <th scope="col" className={cell("samples")}>
                {words.samples}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.label} className="h-(--row)">
                <th scope="row" className="text-left font-normal text-fg-2">
                  <Term label={row.label} hint={row.hint} />
                </th>
                {NUMBERS.map((name) => (
                  <td key={name} className={`${cell(name)} ${name === "now" ? "text-fg" : "text-fg-2"}`}>
                    {row.text(row[name])}
                  </td>
                ))}
                <td className={`${cell("samples")} text-fg-2`}>{count(row.samples)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function cell(name: keyof typeof ROOM): string {
  return `whitespace-nowrap pl-2 text-right font-medium ${ROOM[name] ?? ""}`;
}

/** The rows have units of their own, which stand beside their numbers. */
function tableOf(rows: readonly QualityRow[], now: string): Table {
  const number = (label: string) => ({ label, text: plainNumber });
  return {
    columns: [
      { label: words.quantity },
      ...NUMBERS.map((name) => number(name === "now" ? now : words[name])),
      { label: words.unit },
      { label: words.samples, text: count },
    ],
    rows: () => rows.map((row) => [row.label, ...NUMBERS.map((name) => row[name]), row.unit, row.samples]),
  };
}
