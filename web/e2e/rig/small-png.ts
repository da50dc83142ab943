/** Makes a picture small enough for a repository: at most 256 colours, which a screen of text and lines hardly exceeds. */

import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const TRUE_COLOUR = 2;
const WITH_ALPHA = 6;
const INDEXED = 3;

const MOST_COLOURS = 256;

/** The commonest colours stay exactly as they are: backgrounds, text, lines. */
const EXACT_COLOURS = 128;

interface Picture {
  width: number;
  height: number;
  /** One colour a pixel, as 0xrrggbb. */
  pixels: Uint32Array;
}

/** The same picture as an indexed PNG; `png` is what a browser's screenshot is: 8 bits, not interlaced. */
export function smallPng(png: Buffer): Buffer {
  const picture = decode(png);
  const counts = new Map<number, number>();
  for (const pixel of picture.pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const palette = choosePalette(counts);
  const places = new Map<number, number>();
  for (const colour of counts.keys()) places.set(colour, nearest(palette, colour));
  return encode(picture, palette, places);
}

function decode(png: Buffer): Picture {
  const parts = chunks(png);
  const header = parts.find(({ type }) => type === "IHDR")?.content ?? Buffer.alloc(13);
  const [width, height, kind] = [header.readUInt32BE(0), header.readUInt32BE(4), header.readUInt8(9)];
  if (kind !== TRUE_COLOUR && kind !== WITH_ALPHA)
    throw new Error(`a picture of kind ${kind} is no screenshot`);
  const depth = kind === WITH_ALPHA ? 4 : 3;
  const packed = Buffer.concat(parts.filter(({ type }) => type === "IDAT").map(({ content }) => content));
  const bytes = unfilter(inflateSync(packed), width * depth, height, depth);
  const pixels = new Uint32Array(width * height);
  for (let pixel = 0; pixel < pixels.length; pixel += 1) pixels[pixel] = bytes.readUIntBE(pixel * depth, 3);
  return { width, height, pixels };
}

function chunks(png: Buffer): { type: string; content: Buffer }[] {
  const found = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    found.push({
      type: png.toString("latin1", at + 4, at + 8),
      content: png.subarray(at + 8, at + 8 + length),
    });
    at += length + 12;
  }
  return found;
}

/** Undoes the prediction of each row (PNG specification, section 9). */
function unfilter(filtered: Buffer, rowBytes: number, rows: number, depth: number): Buffer {
  const bytes = Buffer.alloc(rowBytes * rows);
  for (let row = 0; row < rows; row += 1) {
    const filter = filtered[row * (rowBytes + 1)] ?? 0;
    for (let column = 0; column < rowBytes; column += 1) {
      const at = row * rowBytes + column;
      const left = column < depth ? 0 : (bytes[at - depth] ?? 0);
      const above = row === 0 ? 0 : (bytes[at - rowBytes] ?? 0);
      const corner = column < depth || row === 0 ? 0 : (bytes[at - rowBytes - depth] ?? 0);
      bytes[at] = (filtered[row * (rowBytes + 1) + 1 + column] ?? 0) + predicted(filter, left, above, corner);
    }
  }
  return bytes;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    case 4: {
      const guess = left + above - corner;
      const [toLeft, toAbove, toCorner] = [left, above, corner].map((value) => Math.abs(guess - value));
      if ((toLeft ?? 0) <= (toAbove ?? 0) && (toLeft ?? 0) <= (toCorner ?? 0)) return left;
      return (toAbove ?? 0) <= (toCorner ?? 0) ? above : corner;
    }
    default:
      return 0;
  }
}

type Counted = readonly [colour: number, count: number];

/** The commonest colours, and for the rest the means of boxes cut where they are widest (median cut). */
function choosePalette(counts: ReadonlyMap<number, number>): number[] {
  const byCount = [...counts].sort((first, second) => second[1] - first[1]);
  if (byCount.length <= MOST_COLOURS) return byCount.map(([colour]) => colour);
  const boxes: Counted[][] = [byCount.slice(EXACT_COLOURS)];
  while (boxes.length < MOST_COLOURS - EXACT_COLOURS) {
    boxes.sort((first, second) => spread(second).size - spread(first).size);
    const widest = boxes.shift() ?? [];
    const { shift } = spread(widest);
    widest.sort((first, second) => ((first[0] >> shift) & 255) - ((second[0] >> shift) & 255));
    boxes.push(widest.slice(0, widest.length >> 1), widest.slice(widest.length >> 1));
  }
  return [...byCount.slice(0, EXACT_COLOURS).map(([colour]) => colour), ...boxes.map(mean)];
}

/** The channel that a box is widest in, and how wide, weighed by its colours so that large boxes are cut first. */
function spread(box: readonly Counted[]): { shift: number; size: number } {
  const widths = [16, 8, 0].map((shift) => {
    const values = box.map(([colour]) => (colour >> shift) & 255);
    return { shift, size: (values.reduce(larger, 0) - values.reduce(smaller, 255)) * Math.sqrt(box.length) };
  });
  return widths.reduce((widest, width) => (width.size > widest.size ? width : widest));
}

function larger(first: number, second: number): number {
  return Math.max(first, second);
}

function smaller(first: number, second: number): number {
  return Math.min(first, second);
}

function mean(box: readonly Counted[]): number {
  const pixels = box.reduce((sum, [, count]) => sum + count, 0);
  const channel = (shift: number) =>
    Math.round(box.reduce((sum, [colour, count]) => sum + ((colour >> shift) & 255) * count, 0) / pixels);
  return (channel(16) << 16) | (channel(8) << 8) | channel(0);
}

function nearest(palette: readonly number[], colour: number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const [place, candidate] of palette.entries()) {
    const red = (candidate >> 16) - (colour >> 16);
    const green = ((candidate >> 8) & 255) - ((colour >> 8) & 255);
    const blue = (candidate & 255) - (colour & 255);
    const distance = red * red * 3 + green * green * 6 + blue * blue;
    if (distance < least) [best, least] = [place, distance];
  }
  return best;
}

function encode(picture: Picture, palette: readonly number[], places: ReadonlyMap<number, number>): Buffer {
  const { width, height, pixels } = picture;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, INDEXED, 0, 0, 0], 8);
  // Each row begins with its filter: none, because places in a palette predict nothing.
  const rows = Buffer.alloc((width + 1) * height);
  for (const [pixel, colour] of pixels.entries()) {
    rows[Math.floor(pixel / width) * (width + 1) + 1 + (pixel % width)] = places.get(colour) ?? 0;
  }
  const colours = Buffer.alloc(palette.length * 3);
  for (const [place, colour] of palette.entries()) colours.writeUIntBE(colour, place * 3, 3);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", colours),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
