/** One row of the packet grid: its elements, and how a packet is written into them. */

import { count, dateAndUtc, packetTime } from "../lib/format";
import { classColor, protocolClass } from "../lib/protocols";
import { strings } from "../lib/strings";

/** What a row shows. */
export interface PacketCells {
  number: number;
  time_ms: number | null;
  source: string;
  destination: string;
  protocol: string;
  length: number;
  info: string;
}

/** The cells whose text stands at the right. */
const RIGHT_ALIGNED = [true, true, false, false, false, true, false];

export interface Row {
  element: HTMLDivElement;
  cells: HTMLSpanElement[];
  swatch: HTMLElement;
  protocol: Text;
  /** What it shows: the packet's number and whether its text was there. */
  shown: string;
  top: number;
}

/** A row without a packet yet. */
export function makeRow(id: string): Row {
  const element = document.createElement("div");
  element.className = "packet-row packet-columns mono";
  element.id = id;
  element.setAttribute("role", "row");
  const cells = RIGHT_ALIGNED.map((right, column) => {
    const cell = document.createElement("span");
    cell.setAttribute("role", "gridcell");
    cell.className = `${right ? "text-right" : ""} ${column === 2 || column === 3 || column === 4 ? "" : "text-fg-2"}`;
    element.append(cell);
    return cell;
  });
  const swatch = document.createElement("i");
  swatch.className = "swatch mr-1.5 inline-block size-2 rounded-xs";
  const protocol = document.createTextNode("");
  cells[4]?.append(swatch, protocol);
  return { element, cells, swatch, protocol, shown: "", top: Number.NaN };
}

function setCells(row: Row, texts: readonly (string | null)[]): void {
  for (const [column, cell] of row.cells.entries()) {
    const text = texts[column] ?? null;
    if (text !== null) cell.textContent = text;
  }
}

/** Shows a packet. */
export function fill(row: Row, packet: PacketCells): void {
  row.element.removeAttribute("data-empty");
  setCells(row, [
    String(packet.number),
    packetTime(packet.time_ms),
    packet.source,
    packet.destination,
    null,
    count(packet.length),
    packet.info,
  ]);
  const [, time, source, destination] = row.cells;
  if (time !== undefined) time.title = dateAndUtc(packet.time_ms);
  if (source !== undefined) source.title = packet.source;
  if (destination !== undefined) destination.title = packet.destination;
  row.protocol.data = packet.protocol;
  row.swatch.style.background = classColor(protocolClass(packet.protocol));
}

/** Shows that a packet is not there, or not any more. */
export function fillEmpty(row: Row, number: number | null, why: "loading" | "gone"): void {
  row.element.setAttribute("data-empty", "");
  const words = why === "gone" ? strings.packets.gone : strings.packets.loading;
  setCells(row, [number === null ? "" : String(number), "", words, "", null, "", ""]);
  row.protocol.data = "";
  row.swatch.style.background = "none";
}
