/** Chance that is the same in every run. */
export class Chance {
  constructor(private state: number) {}

  /** A number from 0 up to 1, by a linear congruential step and a mix of its bits (so that neighbours differ). */
  next(): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    const mixed = Math.imul(this.state ^ (this.state >>> 15), 0x2c1b_3c6d);
    return ((mixed ^ (mixed >>> 12)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both possible. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let place = 0; place < length; place += 1) bytes[place] = this.between(0, 255);
    return bytes;
  }
}
