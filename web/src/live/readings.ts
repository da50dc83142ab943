/** A number of which the program tells only the newest: kept second by second while this page looks. */

/** An hour; the oldest make room. */
const CAPACITY = 3_600;

export class Readings {
  private seconds: number[] = [];
  private values: number[] = [];

  clear(): void {
    this.seconds = [];
    this.values = [];
  }

  /** Adds a reading; a second has one, its last. Time does not go back. */
  push(second: number, value: number): void {
    const last = this.seconds.at(-1);
    if (last !== undefined && second < last) return;
    if (last === second) {
      this.values[this.values.length - 1] = value;
      return;
    }
    this.seconds.push(second);
    this.values.push(value);
    // Rarely and many at once: moving a long list at every second would be work for nothing.
    if (this.seconds.length < 2 * CAPACITY) return;
    this.seconds = this.seconds.slice(-CAPACITY);
    this.values = this.values.slice(-CAPACITY);
  }

  /** The readings from `from` to `to`, at most `most` of them, evenly chosen; the newest is always one. */
  between(from: number, to: number, most: number): { x: number[]; y: number[] } {
    const places = [...this.seconds.keys()].filter((place) => {
      const second = this.seconds[place] ?? 0;
      return second >= from && second <= to;
    });
    const step = Math.max(1, Math.ceil(places.length / most));
    const chosen = places.filter((_, index) => (places.length - 1 - index) % step === 0);
    return {
      x: chosen.map((place) => this.seconds[place] ?? 0),
      y: chosen.map((place) => this.values[place] ?? 0),
    };
  }
}
