/** The columns that the list of hosts can have. */

import type { HostColumn } from "../../generated/HostColumn";
import type { HostListed } from "../../generated/HostListed";
import { bitRateText, byteCountText, count, delayText } from "../../lib/format";
import { hostStrings } from "../../lib/host-strings";
import { originStrings } from "../../lib/origin-strings";
import { asnText, bestName, countryName, doubtText, placeText } from "../../lib/places";
import {
  type ListColumn as Column,
  type ColumnChoice,
  columnKinds,
  peakOf,
  sortedAfter,
} from "../parts/list/columns";

const { columns: names, hints } = hostStrings;

export type ColumnId =
  | HostColumn
  | "host"
  | "scope"
  | "local"
  | "place"
  | "doubt"
  | "asn"
  | "apps"
  | "protocols"
  | "rate_in"
  | "rate_out"
  | "recent";

export type ListColumn = Column<HostListed, ColumnId, HostColumn>;

const { number, words, name, time } = columnKinds<HostListed, ColumnId, HostColumn>();

/** Its name with its address, or the address alone. */
export function hostText(host: HostListed): string {
  const named = bestName(host);
  return named === null ? host.address : `${named} ${host.address}`;
}

function listText(values: readonly string[]): string | null {
  return values.length === 0 ? null : values.join(", ");
}

/** In the order they stand in. */
export const COLUMNS: readonly ListColumn[] = [
  words({
    id: "host",
    label: names.host,
    hint: hints.host,
    sort: "name",
    width: 184,
    grow: 3,
    words: hostText,
  }),
  name({ id: "name", label: names.name, sort: "name", width: 150, grow: 1, name: bestName }),
  words({
    id: "address",
    label: names.address,
    sort: "address",
    width: 130,
    grow: 0.6,
    words: ({ address }) => address,
  }),
  words({
    id: "scope",
    label: names.scope,
    hint: hints.scope,
    width: 104,
    words: ({ scope }) => originStrings.scopes[scope],
  }),
  words({
    id: "local",
    label: names.local,
    width: 64,
    words: ({ local }) => (local ? hostStrings.yes : hostStrings.no),
  }),
  name({
    id: "country",
    label: names.country,
    sort: "country",
    width: 120,
    name: ({ country }) => (country === null ? null : countryName(country)),
  }),
  name({ id: "place", label: names.place, hint: hints.place, width: 170, name: placeText }),
  name({
    id: "doubt",
    label: names.doubt,
    hint: hints.doubt,
    width: 170,
    name: ({ doubt }) => (doubt === null ? null : doubtText(doubt)),
  }),
  name({
    id: "organization",
    label: names.organization,
    hint: hints.organization,
    sort: "organization",
    width: 90,
    grow: 0.8,
    name: ({ organization, asn }) => organization ?? (asn === null ? null : asnText(asn)),
  }),
  name({
    id: "asn",
    label: names.asn,
    hint: hints.asn,
    width: 88,
    name: ({ asn }) => (asn === null ? null : asnText(asn)),
  }),
  name({
    id: "apps",
    label: names.apps,
    hint: hints.apps,
    width: 80,
    grow: 0.8,
    name: ({ apps }) => listText(apps.map(({ app }) => app)),
  }),
  name({
    id: "protocols",
    label: names.protocols,
    hint: hints.protocols,
    width: 72,
    grow: 0.5,
    name: ({ protocols }) => listText(protocols),
  }),
  {
    id: "recent",
    label: names.recent,
    hint: hints.recent,
    sort: null,
    width: 112,
    right: false,
    text: ({ recent_bps }) => hostStrings.recentOf(bitRateText(peakOf(recent_bps))),
    cell: ({ recent_bps }) => recent_bps.map((bps) => Math.round(bps)).join(" "),
    unit: "b/s",
  },
  number({
    id: "rate_in",
    label: names.rateIn,
    hint: hints.rateIn,
    width: 92,
    unit: "b/s",
    value: ({ in_bps }) => in_bps,
    text: bitRateText,
  }),
  number({
    id: "rate_out",
    label: names.rateOut,
    hint: hints.rateOut,
    width: 92,
    unit: "b/s",
    value: ({ out_bps }) => out_bps,
    text: bitRateText,
  }),
  bytes("bytes", names.bytes, hints.bytes, ({ bytes_in, bytes_out }) => bytes_in + bytes_out),
  bytes("bytes_in", names.bytesIn, hints.bytesIn, ({ bytes_in }) => bytes_in),
  bytes("bytes_out", names.bytesOut, hints.bytesOut, ({ bytes_out }) => bytes_out),
  number({
    id: "packets",
    label: names.packets,
    sort: "packets",
    width: 84,
    value: ({ packets_in, packets_out }) => packets_in + packets_out,
    text: count,
  }),
  number({
    id: "flows",
    label: names.flows,
    sort: "flows",
    width: 56,
    value: ({ flows }) => flows,
    text: count,
  }),
  number({
    id: "rtt",
    label: names.rtt,
    hint: hints.rtt,
    sort: "rtt",
    width: 72,
    unit: "ms",
    value: ({ rtt_ms }) => rtt_ms,
    text: delayText,
  }),
  number({
    id: "resent",
    label: names.resent,
    hint: hints.resent,
    sort: "resent",
    width: 64,
    value: ({ resent }) => resent,
    text: count,
  }),
  time({
    id: "first_seen",
    label: names.firstSeen,
    sort: "first_seen",
    width: 104,
    stamp: ({ first_seen }) => first_seen,
  }),
  time({
    id: "last_seen",
    label: names.lastSeen,
    sort: "last_seen",
    width: 104,
    stamp: ({ last_seen }) => last_seen,
  }),
];

function bytes(
  id: "bytes" | "bytes_in" | "bytes_out",
  label: string,
  hint: string,
  value: (host: HostListed) => number,
): ListColumn {
  return number({ id, label, hint, sort: id, width: 72, unit: "bytes", value, text: byteCountText });
}

/** Narrow screens keep these; the rest is in the sheet. */
const NARROW: readonly ColumnId[] = ["host", "bytes_in", "bytes_out"];
const NARROW_HOST_PX = 110;

/** Where nobody chose: who it is, whose, how much, how well. A file has no last minute. */
function usualColumns(live: boolean): readonly ColumnId[] {
  const who: readonly ColumnId[] = ["host", "organization", "apps", "protocols"];
  const much: readonly ColumnId[] = ["bytes", "bytes_in", "bytes_out", "flows", "rtt", "resent", "last_seen"];
  return live ? [...who, "recent", ...much] : [...who, ...much, "first_seen"];
}

/** The columns to show, in their order. Names that there are none of are passed over. */
export function chosenColumns({ names, live, narrow }: ColumnChoice): ListColumn[] {
  if (narrow) {
    const shown = COLUMNS.filter(({ id }) => NARROW.includes(id));
    return shown.map((column) => (column.grow === undefined ? column : { ...column, width: NARROW_HOST_PX }));
  }
  const wanted = names === null ? [] : names.split(",");
  const known = COLUMNS.filter(({ id }) => wanted.includes(id));
  if (known.length > 0) return known;
  const usual = usualColumns(live);
  return COLUMNS.filter(({ id }) => usual.includes(id));
}

/** The columns beside an open sheet, which leaves less room: what the list is sorted by comes right after the host. */
export function besideSheet(columns: readonly ListColumn[], sort: HostColumn): readonly ListColumn[] {
  return sortedAfter(columns, sort, ["host", "name", "address"]);
}

/** What a file of hosts has of each before the columns that are shown. */
const IN_EVERY_FILE: readonly ColumnId[] = [
  "address",
  "name",
  "scope",
  "local",
  "country",
  "place",
  "doubt",
  "organization",
  "asn",
];

/** The columns of a file: who each host is, each in a column of its own, and the others that are shown. */
export function fileColumns(shown: readonly ListColumn[]): readonly ListColumn[] {
  const who = COLUMNS.filter(({ id }) => IN_EVERY_FILE.includes(id));
  return [...who, ...shown.filter((column) => column.id !== "host" && !who.includes(column))];
}
