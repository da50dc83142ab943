/** Lays out a packet's bytes the way every analyser does: offset, sixteen bytes, the same as text. */

export interface HexLine {
  /** Where the line begins, four hexadecimal digits or more. */
  offset: string;
  /** Up to sixteen bytes in two groups of eight. */
  hex: string;
  /** The same bytes, a dot for each that is not printable ASCII. */
  ascii: string;
}

export const BYTES_PER_LINE = 16;

/** From this byte of a line on, one more space stands before it. */
const SECOND_GROUP = 8;

/** The lines of `bytes`, two hexadecimal digits each. A digit left over at the end is not a byte and is left out. */
export function hexLines(bytes: string): HexLine[] {
  const pairs = bytes.match(/[0-9a-f]{2}/gi) ?? [];
  const lines: HexLine[] = [];
  for (let start = 0; start < pairs.length; start += BYTES_PER_LINE) {
    const line = pairs.slice(start, start + BYTES_PER_LINE);
    lines.push({
      offset: start.toString(16).padStart(4, "0"),
      hex: [line.slice(0, SECOND_GROUP).join(" "), line.slice(SECOND_GROUP).join(" ")].join("  ").trimEnd(),
      ascii: line.map(printable).join(""),
    });
  }
  return lines;
}

function printable(pair: string): string {
  const code = Number.parseInt(pair, 16);
  return code >= 0x20 && code <= 0x7e ? String.fromCharCode(code) : ".";
}

/** Where in a line's digits a byte of it begins, in characters. */
export function hexColumn(place: number): number {
  return place * 3 + (place >= SECOND_GROUP ? 1 : 0);
}

/** Which byte of a line a character of its digits belongs to: the space after a byte counts as its own. */
export function byteAt(character: number): number {
  const group = hexColumn(SECOND_GROUP);
  return character < group
    ? Math.min(SECOND_GROUP - 1, Math.floor(character / 3))
    : SECOND_GROUP + Math.floor((character - group) / 3);
}

/** A byte in every form people ask for: `0x0012 (18)   45   69   0100 0101   "E"`. */
export function byteWords(bytes: string, index: number): string {
  const pair = bytes.slice(index * 2, index * 2 + 2);
  const value = Number.parseInt(pair, 16);
  const bits = value.toString(2).padStart(8, "0");
  const character = printable(pair);
  return [
    `0x${index.toString(16).padStart(4, "0")} (${index})`,
    pair,
    String(value),
    `${bits.slice(0, 4)} ${bits.slice(4)}`,
    ...(character === "." && pair !== "2e" ? [] : [`"${character}"`]),
  ].join("   ");
}

/** The lines as text, the way they are pasted into a message. */
export function hexDump(bytes: string): string {
  const width = BYTES_PER_LINE * 3 + 1;
  return hexLines(bytes)
    .map(({ offset, hex, ascii }) => `${offset}  ${hex.padEnd(width)} ${ascii}\n`)
    .join("");
}
