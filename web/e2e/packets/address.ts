/** Addresses as people write them, and as packets carry them. */

/** The bytes of an IPv4 or IPv6 address: 4 or 16. */
export function addressBytes(text: string): Buffer {
  return text.includes(":") ? ipv6Bytes(text) : ipv4Bytes(text);
}

function ipv4Bytes(text: string): Buffer {
  return Buffer.from(text.split(".").map(Number));
}

/** `::` stands for as many zero groups as are missing of eight (RFC 4291 section 2.2). */
function ipv6Bytes(text: string): Buffer {
  const [head = "", tail] = text.split("::");
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  const bytes = Buffer.alloc(16);
  for (const [place, group] of [...before, ...zeros, ...after].entries())
    bytes.writeUInt16BE(group, place * 2);
  return bytes;
}

function groups(text: string): number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}
