/** A MOS with its band as a sign and a word, and in its hint what it rests on, or why there is none. */

import { StateDot, type Tone } from "../../../components/StateDot";
import { Hinted } from "../../../components/Term";
import type { Call } from "../../../generated/Call";
import type { MosBasis } from "../../../generated/MosBasis";
import type { MosMissing } from "../../../generated/MosMissing";
import type { RtpStream } from "../../../generated/RtpStream";
import { delayText, mosText, plainNumber } from "../../../lib/format";
import { mediaStrings } from "../../../lib/media-strings";
import { commonMissing, type MosBand, mosBand } from "../../../lib/mos";

const { mos: words } = mediaStrings;

const TONES: Record<MosBand, Tone> = { good: "ok", fair: "warn", poor: "crit", bad: "crit" };

interface StreamMosProps {
  stream: Pick<RtpStream, "mos" | "mos_basis">;
  /** Where there is little room: the band's sign and the number, its word for who hears the page. */
  narrow?: boolean;
}

/** The MOS of a stream. */
export function StreamMos({ stream: { mos, mos_basis }, narrow = false }: StreamMosProps) {
  if (mos !== null) return <Mark mos={mos} hint={whyText(mos_basis)} narrow={narrow} />;
  return <None missing={mos_basis.missing} otherwise={words.bandsHint} />;
}

/** The least MOS of a call's streams. */
export function CallMos({ call: { mos }, streams }: { call: Call; streams: readonly RtpStream[] }) {
  if (mos !== null) return <Mark mos={mos} hint={words.bandsHint} />;
  return <None missing={commonMissing(streams)} otherwise={words.noneOfCall} />;
}

/** A MOS with its band, where its hint is nearby. */
export function MosValue({ mos, narrow = false }: { mos: number; narrow?: boolean }) {
  const band = mosBand(mos);
  return (
    <span className="relative inline-flex items-center gap-1.5 whitespace-nowrap">
      <StateDot tone={TONES[band]} />
      <span className="font-medium">{mosText(mos)}</span>
      <span className={narrow ? "sr-only" : "text-fg-2"}>{words.bands[band]}</span>
    </span>
  );
}

function Mark({ mos, hint, narrow = false }: { mos: number; hint: string; narrow?: boolean }) {
  return (
    <Hinted hint={hint}>
      <button type="button" className="inline-flex min-h-6 cursor-help items-center">
        <MosValue mos={mos} narrow={narrow} />
      </button>
    </Hinted>
  );
}

/** Why there is none; `otherwise` is the hint where there is not one reason. */
function None({ missing, otherwise }: { missing: MosMissing | null; otherwise: string }) {
  return (
    <Hinted hint={missing === null ? otherwise : words.missingHints[missing]}>
      <button
        type="button"
        className="min-h-6 cursor-help whitespace-nowrap text-fg-3 underline decoration-dotted underline-offset-2"
      >
        {missing === null ? words.none : words.missing[missing]}
      </button>
    </Hinted>
  );
}

/** The numbers behind a MOS in one line. */
export function whyText(basis: MosBasis): string {
  return words.why({
    r: short(basis.r_factor),
    ie: short(basis.codec_impairment),
    bpl: short(basis.loss_robustness),
    delay: delayText(basis.delay_ms),
    measured: basis.delay_is_measured,
    burst: short(basis.burst_ratio),
  });
}

/** One decimal says all that such a number means. */
export function short(value: number | null): string {
  return plainNumber(value === null ? null : Math.round(value * 10) / 10);
}
