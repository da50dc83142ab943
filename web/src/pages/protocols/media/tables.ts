/** Streams and calls as tables and files. */

import type { Call } from "../../../generated/Call";
import type { RtpStream } from "../../../generated/RtpStream";
import { endText } from "../../../lib/flow-names";
import {
  clockText,
  count,
  delayText,
  durationText,
  idText,
  mosText,
  percentageText,
} from "../../../lib/format";
import { mediaStrings } from "../../../lib/media-strings";
import type { Table } from "../../../lib/table";
import { codecText, kindText } from "../../parts/media/names";
import { callState } from "./states";

export function streamTable(streams: readonly RtpStream[]): Table {
  const { columns, files } = mediaStrings.streams;
  return {
    columns: [
      { label: columns.began, roomy: true },
      { label: files.src },
      { label: files.dst },
      { label: files.ssrc, roomy: true },
      { label: columns.codec },
      { label: files.clock, unit: "Hz", text: clockText, roomy: true },
      { label: columns.kind, roomy: true },
      { label: columns.packets, text: count, roomy: true },
      { label: files.lost, text: count, roomy: true },
      { label: columns.lost, unit: "%", text: percentageText },
      { label: columns.jitter, unit: "ms", text: delayText, roomy: true },
      { label: files.max, unit: "ms", text: delayText, roomy: true },
      { label: columns.mos, text: mosText },
      { label: columns.found, roomy: true },
    ],
    rows: () =>
      streams.map((stream) => [
        stream.first_seen ?? "",
        endText(stream.src, stream.src_port),
        endText(stream.dst, stream.dst_port),
        idText(stream.ssrc),
        codecText(stream),
        stream.clock_rate,
        kindText(stream) ?? "",
        stream.packets,
        stream.lost,
        stream.lost_percentage,
        stream.jitter_ms_mean,
        stream.jitter_ms_max,
        stream.mos,
        mediaStrings.signs[stream.found_by],
      ]),
  };
}

/** `over` says that the session is. */
export function callTable(calls: readonly Call[], over: boolean): Table {
  const { columns } = mediaStrings.calls;
  return {
    columns: [
      { label: columns.began, roomy: true },
      { label: columns.from },
      { label: columns.to },
      { label: columns.state },
      { label: columns.duration, unit: "s", text: durationText, roomy: true },
      { label: columns.codecs, roomy: true },
      { label: columns.delay, unit: "ms", text: delayText, roomy: true },
      { label: columns.result, roomy: true },
      { label: columns.streams, text: count, roomy: true },
      { label: columns.mos, text: mosText },
    ],
    rows: () =>
      calls.map((call) => [
        call.started ?? "",
        call.from ?? call.caller,
        call.to ?? call.callee,
        callState(call.state, over).text,
        call.duration_s,
        call.codecs.join(", "),
        call.post_dial_delay_ms,
        call.result ?? "",
        call.streams.length,
        call.mos,
      ]),
  };
}
