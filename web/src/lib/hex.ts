/** Lays out a packet's bytes the way every analyser does: offset, sixteen bytes, the same as text. */

export interface HexLine {
  /** Where the line begins, four hexadecimal digits or more. */
  offset: string;
  /** Up to sixteen bytes in two groups of eight. */
  hex: string;
  /** The same bytes, a dot for each that is not printable ASCII. */
  ascii: string;
}

const BYTES_PER_LINE = 16;

/** The lines of `bytes`, two hexadecimal digits each. A digit left over at the end is not a byte and is left out. */
export function hexLines(bytes: string): HexLine[] {
  const pairs = bytes.match(/[0-9a-f]{2}/gi) ?? [];
  const lines: HexLine[] = [];
  for (let start = 0; start < pairs.length; start += BYTES_PER_LINE) {
    const line = pairs.slice(start, start + BYTES_PER_LINE);
    lines.push({
      offset: start.toString(16).padStart(4, "0"),
      hex: [line.slice(0, 8).join(" "), line.slice(8).join(" ")].join("  ").trimEnd(),
      ascii: line.map(printable).join(""),
    });
  }
  return lines;
}

function printable(pair: string): string {
  const code = Number.parseInt(pair, 16);
  return code >= 0x20 && code <= 0x7e ? String.fromCharCode(code) : ".";
}
