/** Where a list stands that may be longer than browsers can scroll: then its scroll bar is scaled. */

/** Browsers stop at 16 to 33 million pixels. */
const LONGEST_PX = 8_000_000;

export class ListScroll {
  /** How far the list can be scrolled, in its own pixels and in those of the scroll bar. */
  private list = 0;
  private bar = 0;
  /** Where the list was put, finer than a scaled scroll bar can say, and where the scroll bar stood then. */
  private put: { offset: number; scrollTop: number } | null = null;

  constructor(private readonly element: HTMLElement) {}

  /** Takes in the lengths of the list and of what is in sight; answers the length to give to what is scrolled. */
  fit(list_px: number, viewport_px: number): number {
    const bar_px = Math.min(list_px, LONGEST_PX);
    this.list = Math.max(0, list_px - viewport_px);
    this.bar = Math.max(0, bar_px - viewport_px);
    return bar_px;
  }

  isScaled(): boolean {
    return this.list !== this.bar;
  }

  /** The farthest the list can be scrolled. */
  end(): number {
    return this.list;
  }

  /** How far down the list the first pixel in sight is. */
  offset(): number {
    const { scrollTop } = this.element;
    if (this.put?.scrollTop === scrollTop) return Math.min(this.list, this.put.offset);
    return this.bar === 0 ? 0 : Math.min(1, scrollTop / this.bar) * this.list;
  }

  to(wanted: number): void {
    const offset = Math.min(this.list, Math.max(0, wanted));
    this.element.scrollTop = this.list === 0 ? 0 : (offset / this.list) * this.bar;
    // Browsers round: what they made of it tells this scroll from one of the person's.
    this.put = { offset, scrollTop: this.element.scrollTop };
  }

  /** Whether the list stands where it was put, and nobody scrolled since. */
  isOwn(): boolean {
    return this.put?.scrollTop === this.element.scrollTop;
  }
}
