/** Which rules never count, because one before them fits all that they fit. */

import type { AppRule } from "../../../generated/AppRule";

/** The first rule before that at `place` which takes all that it fits; `null` where it counts. */
export function hiddenBy(rules: readonly AppRule[], place: number): AppRule | null {
  const rule = rules[place];
  if (rule === undefined) return null;
  return rules.slice(0, place).find(({ match }) => covers(match, rule.match)) ?? null;
}

/** Tells whether what fits `narrow` fits `wide` as well: a port, an address or range, a domain and all below it. */
export function covers(wide: string, narrow: string): boolean {
  const outer = networkOf(wide);
  const inner = networkOf(narrow);
  if (outer !== null && inner !== null) {
    if (outer.bits !== inner.bits || outer.prefix > inner.prefix) return false;
    const rest = BigInt(outer.bits - outer.prefix);
    return outer.address >> rest === inner.address >> rest;
  }
  if (outer !== null || inner !== null) return false;
  const above = wide.toLowerCase().replace(/\.$/, "");
  const below = narrow.toLowerCase().replace(/\.$/, "");
  return below === above || below.endsWith(`.${above}`);
}

interface Network {
  address: bigint;
  /** How long an address is: 32 or 128. */
  bits: number;
  prefix: number;
}

function networkOf(text: string): Network | null {
  const [host = "", length] = text.split("/");
  const four = ipv4Of(host);
  const address = four ?? ipv6Of(host);
  if (address === null) return null;
  const bits = four === null ? 128 : 32;
  const prefix = length === undefined ? bits : Number(length);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > bits) return null;
  return { address, bits, prefix };
}

function ipv4Of(text: string): bigint | null {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return null;
  const octets = text.split(".").map(Number);
  if (octets.some((octet) => octet > 255)) return null;
  return octets.reduce((all, octet) => all * 256n + BigInt(octet), 0n);
}

const GROUPS = 8;

function ipv6Of(text: string): bigint | null {
  if (!text.includes(":") || !URL.canParse(`http://[${text}]/`)) return null;
  // The browser writes an address in its one short form, in groups of hexadecimal digits only.
  const short = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const [head = "", tail] = short.split("::");
  const groups = (part = "") => part.split(":").filter((group) => group !== "");
  const zeros = tail === undefined ? 0 : GROUPS - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: zeros }, () => "0"), ...groups(tail)];
  return all.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}
