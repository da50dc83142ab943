/** The streams of a call side by side: where they differ, one of its ways is at fault. */

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Call } from "../../../generated/Call";
import type { RtpStream } from "../../../generated/RtpStream";
import { count, delayText, idText, percentageText } from "../../../lib/format";
import { mediaStrings } from "../../../lib/media-strings";
import { StreamMos } from "../../parts/media/MosMark";
import { codecText, endsText } from "../../parts/media/names";
import { SheetPart } from "../../parts/Sheet";

const { call: words } = mediaStrings;

/** A name for each of `streams`; those that one end sends of one codec are told apart by their sources. */
export function wayTexts(call: Call, streams: readonly RtpStream[]): readonly string[] {
  const ways = streams.map((stream) => wayText(call, stream));
  const isAlone = (way: string) => ways.indexOf(way) === ways.lastIndexOf(way);
  return streams.map((stream, place) => {
    const way = ways[place] ?? "";
    return isAlone(way) ? way : words.ofSource(way, idText(stream.ssrc));
  });
}

/** Who sends it, and what. Where neither end is known, the ends themselves. */
function wayText({ caller, callee }: Call, stream: RtpStream): string {
  const codec = codecText(stream);
  if (stream.src === caller && stream.src !== callee) return words.fromCaller(codec);
  if (stream.src === callee && stream.src !== caller) return words.fromCallee(codec);
  if (stream.dst === callee && stream.dst !== caller) return words.fromCaller(codec);
  if (stream.dst === caller && stream.dst !== callee) return words.fromCallee(codec);
  return endsText(stream);
}

const ROWS: readonly (readonly [label: string, value: (stream: RtpStream) => ReactNode])[] = [
  [words.rows.mos, (stream) => <StreamMos stream={stream} narrow />],
  [words.rows.lost, ({ lost_percentage }) => percentageText(lost_percentage)],
  [words.rows.lostPackets, ({ lost }) => count(lost)],
  [words.rows.longest, ({ longest_loss }) => count(longest_loss)],
  [words.rows.jitter, ({ jitter_ms_mean }) => delayText(jitter_ms_mean)],
  [words.rows.jitterMost, ({ jitter_ms_max }) => delayText(jitter_ms_max)],
  [words.rows.outOfOrder, ({ out_of_order }) => count(out_of_order)],
  [words.rows.duplicates, ({ duplicates }) => count(duplicates)],
  [words.rows.packets, ({ packets }) => count(packets)],
  [words.rows.roundTrip, ({ reported }) => delayText(reported?.rtt_ms_mean ?? null)],
];

/** More streams than fit are moved under the labels, which stay: that shows that there are more. */
const LABEL = "sticky left-0 z-1 bg-panel pr-1 @md:whitespace-nowrap";

export function CallStreams({ call, streams }: { call: Call; streams: readonly RtpStream[] }) {
  if (streams.length === 0) {
    return (
      <SheetPart title={words.streams}>
        <p className="py-1 text-fg-2">{words.noStreams}</p>
      </SheetPart>
    );
  }
  const ways = wayTexts(call, streams);
  return (
    <SheetPart title={words.streams} meta={words.streamsHint}>
      <table className="w-full">
        <thead className="text-fg-3 text-meta">
          <tr className="h-6">
            <th scope="col" className={`py-1 text-left font-medium ${LABEL}`}>
              {words.rows.sender}
            </th>
            {streams.map((stream, place) => (
              <th key={stream.id} scope="col" className="py-1 pl-2.5 text-right font-medium">
                <Link
                  to="/protocols"
                  search={{ protocols: "RTP", stream: stream.id }}
                  title={words.open(endsText(stream))}
                  className="inline-flex min-h-6 items-center text-accent hover:underline"
                >
                  {ways[place]}
                </Link>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ROWS.map(([label, value]) => (
            <tr key={label} className="h-6">
              <th scope="row" className={`text-left font-normal text-fg-3 ${LABEL}`}>
                {label}
              </th>
              {streams.map((stream) => (
                <td key={stream.id} className="whitespace-nowrap pl-2.5 text-right">
                  {value(stream)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </SheetPart>
  );
}
