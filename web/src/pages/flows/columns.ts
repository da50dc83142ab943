/** The columns that the list of flows can have. */

import type { FlowColumn } from "../../generated/FlowColumn";
import type { FlowListed } from "../../generated/FlowListed";
import { appStrings } from "../../lib/app-strings";
import { endText } from "../../lib/flow-names";
import { flowStrings } from "../../lib/flow-strings";
import { bitRateText, byteCountText, count, delayText, durationText } from "../../lib/format";
import {
  type ListColumn as Column,
  type ColumnChoice,
  columnKinds,
  peakOf,
  sortedAfter,
} from "../parts/list/columns";

const { columns: names, hints } = flowStrings;

export type ColumnId =
  | FlowColumn
  | "transport"
  | "category"
  | "sni"
  | "evidence"
  | "up"
  | "down"
  | "recent"
  | "goodput"
  | "handshake"
  | "icmp_errors"
  | "encrypted";

export type ListColumn = Column<FlowListed, ColumnId, FlowColumn>;

const { number, words, name, time } = columnKinds<FlowListed, ColumnId, FlowColumn>();

/** What told a flow's application, in words: `TLS name www.example.org`. */
export function evidenceText({ evidence: { kind, value } }: FlowListed): string | null {
  if (kind === "none") return null;
  const words = appStrings.kinds[kind];
  return value === null ? words : `${words} ${value}`;
}

/** The sum of what is known of both ways. */
export function bothWays(up: number | null, down: number | null): number | null {
  return up === null && down === null ? null : (up ?? 0) + (down ?? 0);
}

/** How far a flow has come: a connection's state, of others whether they speak. */
export function stateText({ state, active }: FlowListed): string {
  if (state !== null) return flowStrings.states[state];
  return active ? flowStrings.speaking : flowStrings.silent;
}

/** Any IPv4 address with its port; longer ones grow into the room that is left. */
const END = { width: 166, grow: 1.2 };

/** In the order they stand in. */
export const COLUMNS: readonly ListColumn[] = [
  name({
    id: "app",
    label: names.app,
    hint: hints.app,
    sort: "app",
    width: 104,
    grow: 0.6,
    name: ({ app }) => app,
  }),
  words({
    id: "protocol",
    label: names.protocol,
    sort: "protocol",
    width: 88,
    grow: 0.3,
    words: ({ protocol }) => protocol,
  }),
  words({
    id: "transport",
    label: names.transport,
    width: 84,
    words: ({ transport }) => transport,
  }),
  words({
    id: "client",
    label: names.client,
    hint: hints.client,
    sort: "client",
    ...END,
    words: (flow) => endText(flow.client, flow.client_port),
  }),
  words({
    id: "server",
    label: names.server,
    hint: hints.server,
    sort: "server",
    ...END,
    words: (flow) => endText(flow.server, flow.server_port),
  }),
  name({
    id: "hostname",
    label: names.hostname,
    hint: hints.hostname,
    sort: "hostname",
    width: 136,
    grow: 1.2,
    name: ({ hostname }) => hostname,
  }),
  words({ id: "state", label: names.state, sort: "state", width: 104, words: stateText }),
  number({
    id: "bytes",
    label: names.bytes,
    hint: hints.bytes,
    sort: "bytes",
    width: 84,
    unit: "bytes",
    value: ({ bytes_up, bytes_down }) => bytes_up + bytes_down,
    text: byteCountText,
  }),
  number({
    id: "bytes_up",
    label: names.bytesUp,
    hint: hints.bytesUp,
    sort: "bytes_up",
    width: 84,
    unit: "bytes",
    value: ({ bytes_up }) => bytes_up,
    text: byteCountText,
  }),
  number({
    id: "bytes_down",
    label: names.bytesDown,
    hint: hints.bytesDown,
    sort: "bytes_down",
    width: 96,
    unit: "bytes",
    value: ({ bytes_down }) => bytes_down,
    text: byteCountText,
  }),
  number({
    id: "throughput",
    label: names.throughput,
    hint: hints.throughput,
    sort: "throughput",
    width: 92,
    unit: "b/s",
    value: ({ up_bps, down_bps }) => bothWays(up_bps, down_bps),
    text: bitRateText,
  }),
  number({
    id: "up",
    label: names.up,
    hint: hints.up,
    width: 92,
    unit: "b/s",
    value: ({ up_bps }) => up_bps,
    text: bitRateText,
  }),
  number({
    id: "down",
    label: names.down,
    hint: hints.down,
    width: 92,
    unit: "b/s",
    value: ({ down_bps }) => down_bps,
    text: bitRateText,
  }),
  {
    id: "recent",
    label: names.recent,
    hint: hints.recent,
    sort: null,
    width: 112,
    right: false,
    text: ({ recent_bps }) => flowStrings.recentOf(bitRateText(peakOf(recent_bps))),
    cell: ({ recent_bps }) => recent_bps.map((bps) => Math.round(bps)).join(" "),
    unit: "b/s",
  },
  number({
    id: "goodput",
    label: names.goodput,
    hint: hints.goodput,
    width: 84,
    unit: "bytes",
    value: ({ goodput_bytes_up, goodput_bytes_down }) => goodput_bytes_up + goodput_bytes_down,
    text: byteCountText,
  }),
  number({
    id: "packets",
    label: names.packets,
    sort: "packets",
    width: 84,
    value: ({ packets_up, packets_down }) => packets_up + packets_down,
    text: count,
  }),
  number({
    id: "rtt",
    label: names.rtt,
    hint: hints.rtt,
    sort: "rtt",
    width: 80,
    unit: "ms",
    value: ({ rtt_ms_mean }) => rtt_ms_mean,
    text: delayText,
  }),
  number({
    id: "handshake",
    label: names.handshake,
    hint: hints.handshake,
    width: 92,
    unit: "ms",
    value: ({ initial_rtt_ms }) => initial_rtt_ms,
    text: delayText,
  }),
  number({
    id: "resent",
    label: names.resent,
    hint: hints.resent,
    sort: "resent",
    width: 152,
    value: ({ retransmissions }) => retransmissions,
    text: count,
  }),
  number({
    id: "icmp_errors",
    label: names.icmpErrors,
    hint: hints.icmpErrors,
    width: 96,
    value: ({ icmp_errors }) => icmp_errors,
    text: count,
  }),
  words({
    id: "encrypted",
    label: names.encrypted,
    width: 84,
    words: ({ encrypted }) => (encrypted ? flowStrings.yes : flowStrings.no),
  }),
  number({
    id: "duration",
    label: names.duration,
    sort: "duration",
    width: 96,
    unit: "s",
    value: ({ duration_s }) => duration_s,
    text: durationText,
  }),
  name({ id: "category", label: names.category, width: 128, name: ({ category }) => category }),
  name({ id: "sni", label: names.sni, hint: hints.sni, width: 160, name: ({ sni }) => sni }),
  name({ id: "evidence", label: names.evidence, hint: hints.evidence, width: 220, name: evidenceText }),
  time({
    id: "first_seen",
    label: names.firstSeen,
    sort: "first_seen",
    width: 108,
    stamp: ({ first_seen }) => first_seen,
  }),
  time({
    id: "last_seen",
    label: names.lastSeen,
    sort: "last_seen",
    width: 108,
    stamp: ({ last_seen }) => last_seen,
  }),
];

/** Narrow screens keep these; the rest is in the sheet. */
const NARROW: readonly ColumnId[] = ["app", "server", "bytes"];
/** Of one application all rows would say the same. */
const NARROW_OF_ONE_APP: readonly ColumnId[] = ["hostname", "server", "bytes"];
const NARROW_END_PX = 90;

/** Where nobody chose: who it is, with whom, how much, how well. A file has no rates of this moment. */
function usualColumns(live: boolean): readonly ColumnId[] {
  const who: readonly ColumnId[] = ["app", "protocol", "client", "server", "hostname"];
  return live
    ? [...who, "throughput", "recent", "bytes", "rtt", "resent"]
    : [...who, "state", "bytes", "rtt", "resent", "first_seen"];
}

/** What a file of flows has of each besides the columns that are shown. */
const IN_EVERY_FILE: readonly ColumnId[] = ["app", "category", "hostname", "sni", "evidence"];

/** The columns of a file: those that are shown, and after them who each flow is with. */
export function fileColumns(shown: readonly ListColumn[]): readonly ListColumn[] {
  return [
    ...shown,
    ...COLUMNS.filter((column) => IN_EVERY_FILE.includes(column.id) && !shown.includes(column)),
  ];
}

interface FlowColumnChoice extends ColumnChoice {
  /** Whether only the flows of one application are listed. */
  ofOneApp?: boolean;
}

/** The columns to show, in their order. Names that there are none of are passed over. */
export function chosenColumns({ names, live, narrow, ofOneApp = false }: FlowColumnChoice): ListColumn[] {
  const wanted = names === null ? [] : names.split(",");
  const known = COLUMNS.filter(({ id }) => wanted.includes(id)).map(({ id }) => id);
  const chosen = known.length === 0 ? usualColumns(live) : known;
  if (!narrow) return COLUMNS.filter(({ id }) => chosen.includes(id));
  const fitting = ofOneApp ? NARROW_OF_ONE_APP : NARROW;
  const shown = COLUMNS.filter(({ id }) => fitting.includes(id));
  return shown.map((column) => (column.grow === undefined ? column : { ...column, width: NARROW_END_PX }));
}

/** The columns beside an open sheet, which leaves less room: what the list is sorted by comes right after the two ends. */
export function besideSheet(columns: readonly ListColumn[], sort: FlowColumn): readonly ListColumn[] {
  return sortedAfter(columns, sort, ["client", "server"]);
}
