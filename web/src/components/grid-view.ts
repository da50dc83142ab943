/**
 * The rows of the packet grid: as many elements as fit, used again and again while scrolling.
 *
 * Nothing here goes through React. A row's text is set only when the row shows another packet, and a list longer than
 * browsers can scroll gets a scaled scroll bar.
 */

import { fill, fillEmpty, makeRow, type PacketCells, type Row } from "./grid-row";
import { ListScroll } from "./list-scroll";

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

export const HEADER_PX = 26;

const SPARE_ROWS = 4;

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
  private readonly scroll: ListScroll;
  /** The height that the list was last arranged for. */
  private height = 0;
  private readonly layer = document.createElement("div");
  private readonly pad = document.createElement("div");

  constructor(
    private readonly grid: HTMLElement,
    source: RowSource,
    private readonly events: GridEvents,
    /** The height of a row, which the styles give it too. */
    private readonly row_px: number,
  ) {
    this.source = source;
    this.scroll = new ListScroll(grid);
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
    const wanted = Math.ceil(this.viewport / this.row_px) + SPARE_ROWS;
    while (this.rows.length < wanted) {
      const row = makeRow(`${this.grid.id}-row-${this.rows.length}`);
      this.layer.append(row.element);
      this.rows.push(row);
    }
    for (const row of this.rows.splice(wanted)) row.element.remove();
    this.height = this.viewport;
    this.measure();
    this.scroll.to(this.scroll.offset());
    // The details of a packet take room from the list: its row is to stay in sight.
    this.toReveal = this.selectedNumber;
    this.forget();
    this.paint();
  }

  paint(): void {
    this.measure();
    if (this.follow) this.scroll.to(Number.POSITIVE_INFINITY);
    else if (!this.revealSelected()) this.holdAnchor();
    const offset = this.scroll.offset();
    const first = Math.floor(offset / this.row_px);
    for (let place = first; place < first + this.rows.length; place += 1) this.paintRow(place, offset);
    this.pointAtSelected();
    const last = Math.min(this.source.count - 1, first + Math.ceil(this.viewport / this.row_px));
    const number = this.source.numberAt(first);
    this.anchor = number === null ? null : { number, index: first };
    if (this.source.count > 0) this.source.want(first, last);
  }

  /** Moves the selection; answers whether the key was one of the grid's. */
  press(key: string): boolean {
    const page = Math.max(1, Math.floor(this.viewport / this.row_px) - 1);
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
    const start =
      current ?? (this.follow ? this.source.count : Math.ceil(this.scroll.offset() / this.row_px) - 1);
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
    const offset = this.scroll.offset();
    const top = index * this.row_px;
    if (top < offset) this.scroll.to(top);
    else if (top + this.row_px > offset + this.viewport) this.scroll.to(top + this.row_px - this.viewport);
    else return false;
    return true;
  }

  /** The height that rows are seen in. */
  private get viewport(): number {
    return Math.max(0, this.grid.clientHeight - HEADER_PX);
  }

  private measure(): void {
    this.pad.style.height = `${this.scroll.fit(this.source.count * this.row_px, this.viewport)}px`;
    if (this.source.count === this.count) return;
    this.count = this.source.count;
    this.grid.setAttribute("aria-rowcount", String(this.count + 1));
  }

  private holdAnchor(): void {
    if (this.anchor === null) return;
    const index = this.source.indexOf(this.anchor.number);
    if (index === null || index === this.anchor.index) return;
    const shift = (index - this.anchor.index) * this.row_px;
    this.anchor = { number: this.anchor.number, index };
    this.scroll.to(this.scroll.offset() + shift);
  }

  private readonly scrolled = () => {
    // Our own scroll is no wish of the person's, nor is that of a browser whose list ends inside a new height.
    if (!this.scroll.isOwn() && this.height === this.viewport) this.wentTo();
    this.paint();
  };

  /** A pixel of a scaled scroll bar is many rows: the wheel moves the list by what it says, as in any other list. */
  private readonly wheeled = (event: WheelEvent) => {
    if (!this.scroll.isScaled() || event.deltaY === 0 || event.ctrlKey) return;
    event.preventDefault();
    const pixels = [1, this.row_px, this.viewport][event.deltaMode] ?? 1;
    this.scroll.to(this.scroll.offset() + event.deltaY * pixels);
    this.wentTo();
    this.paint();
  };

  /** The person scrolled: following ends or begins, and nothing is to be held in place. */
  private wentTo(): void {
    this.anchor = null;
    const end = this.scroll.end();
    const atEnd = this.scroll.offset() >= end - this.row_px / 2;
    if (this.follow && !atEnd) {
      this.follow = false;
      this.events.leftEnd();
    } else if (!this.follow && atEnd && end > 0) {
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
    const top = Math.round(place * this.row_px - offset);
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
