/** What is known of one stream, what its MOS rests on, and what its receiver says of it. */

import type { ReactNode } from "react";
import { Term } from "../../../components/Term";
import type { ReportedQuality } from "../../../generated/ReportedQuality";
import type { RtpStream } from "../../../generated/RtpStream";
import {
  byteCountText,
  clockText,
  count,
  dateAndUtc,
  delayText,
  durationText,
  idText,
  packetTime,
  percentageText,
} from "../../../lib/format";
import { mediaStrings } from "../../../lib/media-strings";
import { Fact, Facts } from "../../parts/Fact";
import { short } from "../../parts/media/MosMark";
import { codecText, kindText } from "../../parts/media/names";
import { SheetPart } from "../../parts/Sheet";

const { stream: words, mos, rtp, signHints, clocks, unknownKind } = mediaStrings;

export function StreamFacts({ stream }: { stream: RtpStream }) {
  const began_ms = stream.first_seen === null ? null : Date.parse(stream.first_seen);
  const types = stream.payload_types.map(
    ({ payload_type, packets }) => `${payload_type} (${count(packets)})`,
  );
  return (
    <SheetPart title={words.facts}>
      <Facts>
        <Fact label={words.codec}>
          <bdi>{codecText(stream)}</bdi>
        </Fact>
        <Fact label={words.kind}>{kindText(stream) ?? unknownKind}</Fact>
        <Fact label={words.clock} wide>
          {stream.clock_rate === null ? words.clockUnknown : clockText(stream.clock_rate)}
          {stream.clock_by !== null && <span className="text-fg-3"> ({clocks[stream.clock_by]})</span>}
        </Fact>
        <Fact label={words.found} wide>
          {signHints[stream.found_by]}
        </Fact>
        <Fact label={words.began}>
          <span title={dateAndUtc(began_ms)}>{packetTime(began_ms)}</span>
        </Fact>
        <Fact label={words.duration}>{durationText(stream.duration_s)}</Fact>
        <Fact label={words.packets}>{count(stream.packets)}</Fact>
        <Fact label={words.bytes}>{byteCountText(stream.bytes)}</Fact>
        <Fact label={<Term label={words.expected} hint={words.expectedHint} />}>
          {count(stream.expected)}
        </Fact>
        <Fact label={words.lost}>{`${count(stream.lost)} (${percentageText(stream.lost_percentage)})`}</Fact>
        <Fact label={<Term label={words.longest} hint={words.longestHint} />}>
          {count(stream.longest_loss)}
        </Fact>
        <Fact label={<Term label={words.outOfOrder} hint={rtp.outOfOrder[1]} />}>
          {count(stream.out_of_order)}
        </Fact>
        <Fact label={<Term label={words.duplicates} hint={rtp.duplicates[1]} />}>
          {count(stream.duplicates)}
        </Fact>
        <Fact label={<Term label={words.restarts} hint={words.restartsHint} />}>
          {count(stream.restarts)}
        </Fact>
        <Fact label={<Term label={words.spurts} hint={words.spurtsHint} />}>{count(stream.talk_spurts)}</Fact>
        <Fact label={<Term label={words.ssrc} hint={words.ssrcHint} />}>
          <span className="mono">{idText(stream.ssrc)}</span>
        </Fact>
        <Fact label={<Term label={words.jitter} hint={rtp.jitterHint} />} wide>
          {words.jitterOf(
            delayText(stream.jitter_ms_mean),
            delayText(stream.jitter_ms_max),
            delayText(stream.jitter_ms),
          )}
        </Fact>
        <Fact label={<Term label={words.payloadTypes} hint={words.payloadTypesHint} />} wide>
          {types.join(", ")}
        </Fact>
      </Facts>
    </SheetPart>
  );
}

/** The assumptions are shown with the number, or it is none. */
export function MosFacts({ stream: { mos_basis: basis } }: { stream: RtpStream }) {
  if (basis.missing !== null) {
    return (
      <SheetPart title={mos.basis}>
        <p className="py-1 text-fg-2">{mos.missingHints[basis.missing]}</p>
      </SheetPart>
    );
  }
  const row = (label: string, hint: string, value: ReactNode) => (
    <Fact label={<Term label={label} hint={hint} />}>{value}</Fact>
  );
  return (
    <SheetPart title={mos.basis}>
      <Facts>
        {row(mos.rFactor, mos.rFactorHint, short(basis.r_factor))}
        {row(mos.burst, mos.burstHint, short(basis.burst_ratio))}
        {row(mos.impairment, mos.impairmentHint, short(basis.codec_impairment))}
        {row(mos.robustness, mos.robustnessHint, short(basis.loss_robustness))}
        <Fact label={<Term label={mos.delay} hint={mos.delayHint} />} wide>
          {delayText(basis.delay_ms)}
          <span className="text-fg-3"> ({basis.delay_is_measured ? mos.measured : mos.assumed})</span>
        </Fact>
      </Facts>
      <p className="text-fg-3">{mos.bandsHint}</p>
    </SheetPart>
  );
}

export function ReportedFacts({ reported }: { reported: ReportedQuality }) {
  return (
    <SheetPart title={words.reported}>
      <p className="text-fg-3">{words.reportedHint}</p>
      <Facts>
        <Fact label={words.reports}>{count(reported.reports)}</Fact>
        <Fact label={words.jitter}>{delayText(reported.jitter_ms)}</Fact>
        <Fact label={<Term label={words.roundTrip} hint={words.roundTripHint} />} wide>
          {delayText(reported.rtt_ms_mean)}
        </Fact>
        <Fact label={words.lost} wide>
          {words.lostLately(count(reported.lost), percentageText(reported.lost_percentage))}
        </Fact>
      </Facts>
    </SheetPart>
  );
}
