/** What shares are of. */

export const UNITS = ["bytes", "packets"] as const;

export type Unit = (typeof UNITS)[number];

/** What the address of the page holds. */
export interface CompositionSearch {
  /** Left out for bytes. */
  unit?: "packets";
}

/** An address is typed and pasted by people: what does not fit is left out. */
export function compositionSearch({ unit }: Record<string, unknown>): CompositionSearch {
  return unit === "packets" ? { unit } : {};
}

/** The router hands on what the address holds, also what was left out at its door. */
export function unitOf(search: CompositionSearch): Unit {
  return compositionSearch({ ...search }).unit ?? "bytes";
}
