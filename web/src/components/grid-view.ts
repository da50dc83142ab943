/**
 * The rows of the packet grid: as many elements as fit, used again and again while scrolling.
 *
 * Nothing here goes through React. A row's text is set only when the row shows another packet, and a list longer than
 * browsers can scroll gets a scaled scroll bar.
 */

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

/** Where rows come from, by their place in the list. */
export interface RowSource {
  readonly count: number;
  rowAt(index: number): PacketCells | "loading" | "gone";
  /** The number of the packet at a place, known before its row is. */
  numberAt(index: number): number | null;
  indexOf(number: number): number | null;
  /** Says which places are in sight, so that their rows can be fetched. */
  want(first: number, last: number): void;
}

export interface GridEvents {
  /** The person moved away from the newest row. */
  leftEnd(): void;
  /** The person came back to it. */
  reachedEnd(): void;
  selected(number: number): void;
  opened(number: number): void;
}

export const ROW_PX = 26;
export const HEADER_PX = 26;

/** Browsers stop at 16 to 33 million pixels; beyond this the scroll bar is scaled. */
const LONGEST_PX = 8_000_000;

const SPARE_ROWS = 4;

/** The cells whose text stands at the right. */
const RIGHT_ALIGNED = [true, true, false, false, false, true, false];

interface Row {
  element: HTMLDivElement;
  cells: HTMLSpanElement[];
  swatch: HTMLElement;
  protocol: Text;
  /** What it shows: the packet's number and whether its text was there. */
  shown: string;
  top: number;
}

export class GridView {
  private source: RowSource;
  private rows: Row[] = [];
  private follow = true;
  private selectedNumber: number | null = null;
  private count = -1;
  /** A selected packet whose place is not known yet: it is shown once it is. */
  private toReveal: number | null = null;
  /** Which packet is first in sight, to hold it there when rows are added before it. */
  private anchor: { number: number; index: number } | null = null;
  /** Where the list was put, finer than a scaled scroll bar can say, and where the scroll bar stood then. */
  private put: { offset: number; scrollTop: number } | null = null;
  private readonly layer = document.createElement("div");
  private readonly pad = document.createElement("div");

  constructor(
    private readonly grid: HTMLElement,
    source: RowSource,
    private readonly events: GridEvents,
  ) {
    this.source = source;
    this.layer.setAttribute("role", "presentation");
    this.layer.className = "sticky left-0 z-0 h-0";
    this.layer.style.top = `${HEADER_PX}px`;
    this.pad.setAttribute("role", "presentation");
    grid.append(this.layer, this.pad);
    grid.addEventListener("scroll", this.scrolled, { passive: true });
    grid.addEventListener("wheel", this.wheeled, { passive: false });
    grid.addEventListener("click", this.clicked);
    grid.addEventListener("dblclick", this.clickedTwice);
    this.resize();
  }

  destroy(): void {
    this.grid.removeEventListener("scroll", this.scrolled);
    this.grid.removeEventListener("wheel", this.wheeled);
    this.grid.removeEventListener("click", this.clicked);
    this.grid.removeEventListener("dblclick", this.clickedTwice);
    this.layer.remove();
    this.pad.remove();
  }

  setSource(source: RowSource): void {
    if (this.source === source) return;
    this.source = source;
    this.count = -1;
    this.anchor = null;
    this.forget();
    this.paint();
  }

  setFollow(follow: boolean): void {
    this.follow = follow;
    this.paint();
  }

  setSelected(number: number | null): void {
    if (this.selectedNumber === number) return;
    this.selectedNumber = number;
    this.toReveal = number;
    this.forget();
    this.paint();
  }

  /** Makes as many rows as fit. */
  resize(): void {
    const wanted = Math.ceil(this.viewport / ROW_PX) + SPARE_ROWS;
    while (this.rows.length < wanted) this.rows.push(this.makeRow(this.rows.length));
    for (const row of this.rows.splice(wanted)) row.element.remove();
    // The details of a packet take room from the list: its row is to stay in sight.
    this.toReveal = this.selectedNumber;
    this.forget();
    this.paint();
  }

  paint(): void {
    this.measure();
    if (this.follow) this.scrollTo(Number.POSITIVE_INFINITY);
    else if (!this.revealSelected()) this.holdAnchor();
    const offset = this.offset();
    const first = Math.floor(offset / ROW_PX);
    for (let place = first; place < first + this.rows.length; place += 1) this.paintRow(place, offset);
    this.pointAtSelected();
    const last = Math.min(this.source.count - 1, first + Math.ceil(this.viewport / ROW_PX));
    const number = this.source.numberAt(first);
    this.anchor = number === null ? null : { number, index: first };
    if (this.source.count > 0) this.source.want(first, last);
  }

  /** Moves the selection; answers whether the key was one of the grid's. */
  press(key: string): boolean {
    const page = Math.max(1, Math.floor(this.viewport / ROW_PX) - 1);
    switch (key) {
      case "ArrowDown":
      case "j":
        return this.move(1);
      case "ArrowUp":
      case "k":
        return this.move(-1);
      case "PageDown":
        return this.move(page);
      case "PageUp":
        return this.move(-page);
      case "Home":
        return this.select(0);
      case "End":
        this.select(this.source.count - 1);
        this.events.reachedEnd();
        return true;
      case "Enter":
        if (this.selectedNumber !== null) this.events.opened(this.selectedNumber);
        return true;
      default:
        return false;
    }
  }

  private move(by: number): boolean {
    const current = this.selectedNumber === null ? null : this.source.indexOf(this.selectedNumber);
    const start = current ?? (this.follow ? this.source.count : Math.ceil(this.offset() / ROW_PX) - 1);
    return this.select(Math.min(this.source.count - 1, Math.max(0, start + by)));
  }

  private select(index: number): boolean {
    const number = this.source.numberAt(index);
    if (number === null) return true;
    if (this.follow) {
      this.follow = false;
      this.events.leftEnd();
    }
    this.setSelected(number);
    this.events.selected(number);
    return true;
  }

  /** Brings a newly selected row into sight; answers whether that moved the list. */
  private revealSelected(): boolean {
    const index = this.toReveal === null ? null : this.source.indexOf(this.toReveal);
    if (index === null || this.viewport === 0) return false;
    this.toReveal = null;
    const offset = this.offset();
    const top = index * ROW_PX;
    if (top < offset) this.scrollTo(top);
    else if (top + ROW_PX > offset + this.viewport) this.scrollTo(top + ROW_PX - this.viewport);
    else return false;
    return true;
  }

  /** The height that rows are seen in. */
  private get viewport(): number {
    return Math.max(0, this.grid.clientHeight - HEADER_PX);
  }

  private measure(): void {
    if (this.source.count === this.count) return;
    this.count = this.source.count;
    this.pad.style.height = `${Math.min(this.count * ROW_PX, LONGEST_PX)}px`;
    this.grid.setAttribute("aria-rowcount", String(this.count + 1));
  }

  /** How far the list can be scrolled, in its own pixels and in those of the scroll bar: fewer where it is scaled. */
  private lengths(): { list: number; bar: number } {
    const list = this.source.count * ROW_PX;
    const bar = Math.min(list, LONGEST_PX);
    return { list: Math.max(0, list - this.viewport), bar: Math.max(0, bar - this.viewport) };
  }

  /** How far down the list the first pixel in sight is. */
  private offset(): number {
    const { list, bar } = this.lengths();
    const { scrollTop } = this.grid;
    if (this.put !== null && this.put.scrollTop === scrollTop) return Math.min(list, this.put.offset);
    return bar === 0 ? 0 : Math.min(1, scrollTop / bar) * list;
  }

  private scrollTo(wanted: number): void {
    const { list, bar } = this.lengths();
    const offset = Math.min(list, Math.max(0, wanted));
    this.grid.scrollTop = list === 0 ? 0 : (offset / list) * bar;
    // Browsers round: what they made of it tells this scroll from one of the person's.
    this.put = { offset, scrollTop: this.grid.scrollTop };
  }

  private holdAnchor(): void {
    if (this.anchor === null) return;
    const index = this.source.indexOf(this.anchor.number);
    if (index === null || index === this.anchor.index) return;
    const shift = (index - this.anchor.index) * ROW_PX;
    this.anchor = { number: this.anchor.number, index };
    this.scrollTo(this.offset() + shift);
  }

  private readonly scrolled = () => {
    // Our own scroll is no wish of the person's.
    if (this.put?.scrollTop !== this.grid.scrollTop) this.wentTo();
    this.paint();
  };

  /** A pixel of a scaled scroll bar is many rows: the wheel moves the list by what it says, as in any other list. */
  private readonly wheeled = (event: WheelEvent) => {
    const { list, bar } = this.lengths();
    if (list === bar || event.deltaY === 0 || event.ctrlKey) return;
    event.preventDefault();
    const pixels = [1, ROW_PX, this.viewport][event.deltaMode] ?? 1;
    this.scrollTo(this.offset() + event.deltaY * pixels);
    this.wentTo();
    this.paint();
  };

  /** The person scrolled: following ends or begins, and nothing is to be held in place. */
  private wentTo(): void {
    this.anchor = null;
    const { list } = this.lengths();
    const atEnd = this.offset() >= list - ROW_PX / 2;
    if (this.follow && !atEnd) {
      this.follow = false;
      this.events.leftEnd();
    } else if (!this.follow && atEnd && list > 0) {
      this.events.reachedEnd();
    }
  }

  private readonly clicked = (event: MouseEvent) => {
    const index = this.indexAt(event.target);
    if (index === null) return;
    this.grid.focus({ preventScroll: true });
    this.select(index);
  };

  private readonly clickedTwice = (event: MouseEvent) => {
    const index = this.indexAt(event.target);
    const number = index === null ? null : this.source.numberAt(index);
    if (number !== null) this.events.opened(number);
  };

  private indexAt(target: EventTarget | null): number | null {
    const row = target instanceof Element ? target.closest<HTMLElement>(".packet-row") : null;
    const place = Number(row?.getAttribute("aria-rowindex") ?? Number.NaN);
    // The header is row 1.
    return Number.isNaN(place) || place < 2 ? null : place - 2;
  }

  private forget(): void {
    for (const row of this.rows) row.shown = "";
  }

  private makeRow(index: number): Row {
    const element = document.createElement("div");
    element.className = "packet-row packet-columns mono";
    element.id = `${this.grid.id}-row-${index}`;
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
    this.layer.append(element);
    return { element, cells, swatch, protocol, shown: "", top: Number.NaN };
  }

  private paintRow(place: number, offset: number): void {
    const row = this.rows[place % this.rows.length];
    if (row === undefined) return;
    if (place >= this.source.count) {
      if (row.shown === "none") return;
      row.shown = "none";
      row.element.style.display = "none";
      row.element.removeAttribute("aria-selected");
      return;
    }
    const top = Math.round(place * ROW_PX - offset);
    if (row.top !== top) {
      row.top = top;
      row.element.style.transform = `translateY(${top}px)`;
    }
    const content = this.source.rowAt(place);
    const number = this.source.numberAt(place);
    const shown = `${place}:${number}:${typeof content === "string" ? content : ""}`;
    if (row.shown === shown) return;
    row.shown = shown;
    row.element.style.display = "";
    row.element.setAttribute("aria-rowindex", String(place + 2));
    row.element.setAttribute("aria-selected", String(number !== null && number === this.selectedNumber));
    if (typeof content === "string") fillEmpty(row, number, content);
    else fill(row, content);
  }

  private pointAtSelected(): void {
    const row = this.rows.find(
      ({ element, shown }) => shown !== "none" && element.getAttribute("aria-selected") === "true",
    );
    if (row === undefined) this.grid.removeAttribute("aria-activedescendant");
    else this.grid.setAttribute("aria-activedescendant", row.element.id);
  }
}

function setCells(row: Row, texts: readonly (string | null)[]): void {
  for (const [column, cell] of row.cells.entries()) {
    const text = texts[column] ?? null;
    if (text !== null) cell.textContent = text;
  }
}

function fill(row: Row, packet: PacketCells): void {
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

function fillEmpty(row: Row, number: number | null, why: "loading" | "gone"): void {
  row.element.setAttribute("data-empty", "");
  const words = why === "gone" ? strings.packets.gone : strings.packets.loading;
  setCells(row, [number === null ? "" : String(number), "", words, "", null, "", ""]);
  row.protocol.data = "";
  row.swatch.style.background = "none";
}
