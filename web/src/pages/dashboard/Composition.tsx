/** Three splits of the packets: by direction, by IP version, and by whether their flow is encrypted. */

import { useMemo } from "react";
import { Panel } from "../../components/Panel";
import { type Part, ShareBar } from "../../components/ShareBar";
import { Term } from "../../components/Term";
import type { TotalsTopic } from "../../generated/TotalsTopic";
import { byteCountText, count, share } from "../../lib/format";
import { strings } from "../../lib/strings";
import type { Table } from "../../lib/table";

interface Slice extends Part {
  label: string;
  bytes: number;
  /** Belongs to none of the parts: counted, but no share of the whole. */
  aside?: boolean;
}

interface SplitOf {
  title: string;
  /** What its parts mean, where their names do not say it. */
  hint?: string;
  slices: readonly Slice[];
}

export function Composition({ totals, className }: { totals: TotalsTopic; className: string }) {
  const { dashboard } = strings;
  const splits = useMemo(() => splitsOf(totals), [totals]);
  const table = useMemo(() => tableOf(splits), [splits]);
  return (
    <Panel title={dashboard.composition} meta={dashboard.shareOfPackets} className={className} table={table}>
      <div className="flex flex-1 flex-col justify-around gap-2 px-3 pt-1 pb-2">
        {splits.map((split) => (
          <Split key={split.title} {...split} />
        ))}
      </div>
    </Panel>
  );
}

function splitsOf({
  ip_composition: ip,
  encryption_composition: encryption,
  totals,
}: TotalsTopic): SplitOf[] {
  const { dashboard } = strings;
  const slice = (key: string, label: string, value: number, bytes: number, color: string): Slice => ({
    key,
    label,
    value,
    bytes,
    color,
  });
  const directions: readonly [keyof TotalsTopic["totals"], string, string][] = [
    ["inbound", dashboard.series.in, "var(--in)"],
    ["outbound", dashboard.series.out, "var(--out)"],
    ["internal", dashboard.series.internal, "var(--fg-2)"],
    ["transit", dashboard.series.transit, "var(--warn)"],
  ];
  return [
    {
      title: dashboard.direction,
      hint: dashboard.directionHint,
      slices: directions
        .map(([name, label, color]) => slice(name, label, totals[name].packets, totals[name].bytes, color))
        .filter(({ value }) => value > 0),
    },
    {
      title: dashboard.ipVersions,
      slices: [
        slice("4", dashboard.ipv4, ip.ipv4_packets, ip.ipv4_bytes, "var(--accent)"),
        slice("6", dashboard.ipv6, ip.ipv6_packets, ip.ipv6_bytes, "var(--fg-2)"),
        { ...slice("0", dashboard.otherIp, ip.other_packets, ip.other_bytes, "var(--others)"), aside: true },
      ].filter(isMainOrSeen),
    },
    {
      title: dashboard.encryption,
      hint: dashboard.encryptionHint,
      slices: [
        slice(
          "encrypted",
          dashboard.encrypted,
          encryption.encrypted_packets,
          encryption.encrypted_bytes,
          "var(--accent)",
        ),
        slice(
          "clear",
          dashboard.clear,
          encryption.unencrypted_packets,
          encryption.unencrypted_bytes,
          "var(--warn)",
        ),
      ],
    },
  ];
}

function tableOf(splits: readonly SplitOf[]): Table {
  const { dashboard } = strings;
  return {
    columns: [
      { label: dashboard.composition },
      { label: dashboard.part },
      { label: dashboard.share, unit: "0 to 1", text: share },
      { label: dashboard.packets, text: count },
      { label: dashboard.bytes, unit: "bytes", text: byteCountText },
    ],
    rows: () =>
      splits.flatMap(({ title, slices }) =>
        slices.map((slice) => [title, slice.label, shareOf(slice, slices), slice.value, slice.bytes]),
      ),
  };
}

/** A share of nothing is unknown, and so is that of what belongs to none of the parts. */
function shareOf(slice: Slice, slices: readonly Slice[]): number | null {
  if (slice.aside === true) return null;
  const whole = slices.reduce((sum, part) => sum + (part.aside === true ? 0 : part.value), 0);
  return whole === 0 ? null : slice.value / whole;
}

/** Packets without IP are rare; the two versions are shown even where one has none. */
function isMainOrSeen(slice: Slice): boolean {
  return slice.aside !== true || slice.value > 0;
}

function Split({ title, hint, slices }: SplitOf) {
  return (
    <div>
      <h3 className="text-fg-3 text-meta">
        {hint === undefined ? title : <Term label={title} hint={hint} />}
      </h3>
      <div className="mt-1 mb-0.5">
        <ShareBar parts={slices.filter(({ aside }) => aside !== true)} />
      </div>
      <ul className="grid grid-cols-[repeat(auto-fit,minmax(230px,1fr))] gap-x-4 text-table">
        {slices.map((slice) => (
          <li
            key={slice.key}
            className="flex h-[22px] items-center gap-2"
            title={strings.status.packets(count(slice.value))}
          >
            <i className="swatch size-2 shrink-0 rounded-xs" style={{ background: slice.color }} />
            <span className="truncate font-medium">{slice.label}</span>
            <span className="ml-auto text-fg-2">{slice.aside !== true && share(shareOf(slice, slices))}</span>
            <span className="min-w-14 text-right text-fg-3">{byteCountText(slice.bytes)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
