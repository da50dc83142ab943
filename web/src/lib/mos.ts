/** What a MOS means to whoever listens (ITU-T G.107, Annex B). */

import type { MosBasis } from "../generated/MosBasis";
import type { MosMissing } from "../generated/MosMissing";
import type { RtpStream } from "../generated/RtpStream";

/** How content listeners are, from the best. */
export const MOS_BANDS = [
  { band: "good", from: 4 },
  { band: "fair", from: 3.6 },
  { band: "poor", from: 3.1 },
  { band: "bad", from: 1 },
] as const;

export type MosBand = (typeof MOS_BANDS)[number]["band"];

export function mosBand(mos: number): MosBand {
  return MOS_BANDS.find(({ from }) => mos >= from)?.band ?? "bad";
}

/** The least MOS of some streams; `null` where none has one. */
export function leastMos(streams: readonly Pick<RtpStream, "mos">[]): number | null {
  const known = streams.map(({ mos }) => mos).filter((mos) => mos !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/**
 * Why none of some streams has a MOS, where that is the same of all; `null` where it is not. Beside what may be speech a
 * picture needs no saying.
 */
export function commonMissing(
  streams: readonly { mos_basis: Pick<MosBasis, "missing"> }[],
): MosMissing | null {
  const reasons = new Set(streams.map(({ mos_basis }) => mos_basis.missing));
  if (reasons.size > 1) reasons.delete("not_speech");
  const [reason = null] = reasons;
  return reasons.size === 1 ? reason : null;
}
