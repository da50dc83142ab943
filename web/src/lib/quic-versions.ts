/** The names of QUIC's versions that people know, beside the number in their packets. */

const KNOWN: Record<number, string> = {
  0: "Version negotiation",
  1: "QUIC 1",
  1798521807: "QUIC 2",
  1889161412: "QUIC 2, first draft",
  4207849473: "mvfst 1",
  4207849474: "mvfst 2",
};

/** `0xff00001d` is draft 29. */
const DRAFTS = 0xff000000;

/** Versions that nobody speaks, sent to see whether others bear with them (RFC 9000, section 15). */
const GREASE = 0x0a0a0a0a;

/** `QUIC 1 (0x00000001)`; what has no name keeps its number alone. */
export function quicVersionText(version: string): string {
  const name = nameOf(Number(version));
  return name === null ? version : `${name} (${version})`;
}

function nameOf(number: number): string | null {
  if (!Number.isInteger(number)) return null;
  const known = KNOWN[number];
  if (known !== undefined) return known;
  const draft = number - DRAFTS;
  if (draft > 0 && draft < 256) return `draft ${draft}`;
  // Bits of JavaScript are signed: without the shift half of the numbers would be negative.
  if ((number & 0x0f0f0f0f) >>> 0 === GREASE) return "reserved, to test the other end";
  return google(number);
}

/** Google's own are four letters: `Q050`, `T051`. */
function google(number: number): string | null {
  const letters = [24, 16, 8, 0].map((shift) => String.fromCharCode((number >>> shift) & 0xff)).join("");
  return /^[QT]\d{3}$/.test(letters) ? `Google ${letters}` : null;
}
