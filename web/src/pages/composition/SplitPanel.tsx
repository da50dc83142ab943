/** Parts of a whole as one bar, with the number of each. */

import { useMemo } from "react";
import { Panel } from "../../components/Panel";
import { ShareBar } from "../../components/ShareBar";
import { Term } from "../../components/Term";
import { compositionStrings } from "../../lib/composition-strings";
import { byteCountText, count, share } from "../../lib/format";
import { strings } from "../../lib/strings";
import type { Table } from "../../lib/table";
import type { Unit } from "./unit";

export interface Slice {
  label: string;
  hint?: string;
  bytes: number;
  packets: number;
  color: string;
  /** Belongs to none of the parts: counted, but no share of the whole. */
  aside?: boolean;
}

interface Props {
  title: string;
  hint: string;
  slices: readonly Slice[];
  unit: Unit;
  className: string;
}

export function SplitPanel({ title, hint, slices, unit, className }: Props) {
  const table = useMemo(() => tableOf(slices, unit), [slices, unit]);
  const parts = slices.filter(({ aside }) => aside !== true);
  return (
    <Panel title={title} meta={compositionStrings.shareOf[unit]} table={table} className={className}>
      <div className="px-3 pt-1 pb-3">
        <ShareBar
          tall
          parts={parts.map(({ label, color, ...of }) => ({ key: label, value: of[unit], color }))}
        />
        <ul className="mt-2 text-table">
          {slices.map((slice) => (
            <li key={slice.label} className="flex min-h-(--row) items-center gap-2">
              <i className="swatch size-2.5 shrink-0 rounded-xs" style={{ background: slice.color }} />
              <span className="min-w-0 truncate font-medium">
                {slice.hint === undefined ? slice.label : <Term label={slice.label} hint={slice.hint} />}
              </span>
              <span className="ml-auto font-semibold text-heading">
                {slice.aside !== true && share(shareOf(slice, slices, unit))}
              </span>
              <span className="min-w-16 text-right text-fg-2">{byteCountText(slice.bytes)}</span>
              <span className="min-w-24 text-right text-fg-3 max-sm:hidden">
                {strings.status.packets(count(slice.packets))}
              </span>
            </li>
          ))}
        </ul>
        <p className="mt-2 text-fg-3 text-meta">{hint}</p>
      </div>
    </Panel>
  );
}

/** A share of nothing is unknown, and so is that of what belongs to none of the parts. */
export function shareOf(slice: Slice, slices: readonly Slice[], unit: Unit): number | null {
  if (slice.aside === true) return null;
  const whole = slices.reduce((sum, part) => sum + (part.aside === true ? 0 : part[unit]), 0);
  return whole === 0 ? null : slice[unit] / whole;
}

function tableOf(slices: readonly Slice[], unit: Unit): Table {
  const words = compositionStrings;
  return {
    columns: [
      { label: words.part },
      { label: words.share, unit: "0 to 1", text: share },
      { label: words.bytes, unit: "bytes", text: byteCountText },
      { label: words.packets, text: count },
    ],
    rows: () =>
      slices.map((slice) => [slice.label, shareOf(slice, slices, unit), slice.bytes, slice.packets]),
  };
}
