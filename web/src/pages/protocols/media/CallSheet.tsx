/** One call in full: how it went, its streams side by side, and its quality over time. */

import { useMemo } from "react";
import { Stranger } from "../../../components/Stranger";
import { Term } from "../../../components/Term";
import type { Call } from "../../../generated/Call";
import type { Calls } from "../../../generated/Calls";
import type { RtpStream } from "../../../generated/RtpStream";
import { count, dateAndUtc, delayText, durationText, packetTime } from "../../../lib/format";
import { mediaStrings } from "../../../lib/media-strings";
import { Fact, Facts } from "../../parts/Fact";
import { CallMos } from "../../parts/media/MosMark";
import { Gone, Sheet, SheetPart } from "../../parts/Sheet";
import { CallStateMark, partiesOf } from "./CallRow";
import { CallStreams, wayTexts } from "./CallStreams";
import { type CourseLine, Courses, MOST_LINES } from "./Courses";
import { useCourses } from "./use-courses";
import { useSame } from "./use-same";

const { call: words, calls, stream: sheet } = mediaStrings;

interface Props {
  id: number;
  topic: Calls | null;
  onClose: () => void;
}

export function CallSheet({ id, topic, onClose }: Props) {
  const call = topic?.calls.find((one) => one.id === id) ?? null;
  const streams = useMemo(() => streamsOf(call, topic), [call, topic]);
  const drawn = useMemo(() => drawnOf(streams), [streams]);
  const courses = useCourses(drawn.map((stream) => stream.id));
  const lines = useSame(call === null ? [] : linesOf(call, streams, drawn));
  return (
    <Sheet
      label={words.label}
      closeLabel={sheet.close}
      onClose={onClose}
      title={call === null ? words.label : <Parties call={call} />}
      {...(call === null ? {} : { summary: <Summary call={call} streams={streams} /> })}
    >
      {call === null && topic !== null && <Gone text={words.gone} hint={words.goneHint} />}
      {call !== null && (
        <>
          <CallFacts call={call} />
          <CallStreams call={call} streams={streams} />
          {drawn.length < streams.length && (
            <p className="text-fg-3">{words.drawn(count(drawn.length), count(streams.length))}</p>
          )}
          {lines.length > 0 && <Courses lines={lines} courses={courses} />}
        </>
      )}
    </Sheet>
  );
}

/** Both ways of one codec beside each other, the caller's first; those that are not listed any more are left out. */
function streamsOf(call: Call | null, topic: Calls | null): readonly RtpStream[] {
  if (call === null) return [];
  const known = new Map(topic?.streams.map((stream) => [stream.id, stream]));
  const codec = (stream: RtpStream) =>
    stream.codec === null ? call.codecs.length : call.codecs.indexOf(stream.codec);
  const way = (stream: RtpStream) => Number(stream.src !== call.caller);
  return call.streams
    .map((id) => known.get(id))
    .filter((stream) => stream !== undefined)
    .toSorted((one, other) => codec(one) - codec(other) || way(one) - way(other));
}

/** As many as charts can hold, in their order; those with a MOS go before. */
export function drawnOf(streams: readonly RtpStream[]): readonly RtpStream[] {
  const chosen = streams.toSorted((one, other) => Number(one.mos === null) - Number(other.mos === null));
  const drawn = new Set(chosen.slice(0, MOST_LINES));
  return streams.filter((stream) => drawn.has(stream));
}

/** The lines of those that are drawn, by the names that all of `streams` have in the table. */
function linesOf(
  call: Call,
  streams: readonly RtpStream[],
  drawn: readonly RtpStream[],
): readonly CourseLine[] {
  const ways = wayTexts(call, streams);
  return drawn.map((stream) => ({ label: ways[streams.indexOf(stream)] ?? "", hasMos: stream.mos !== null }));
}

function Parties({ call }: { call: Call }) {
  const { from, to } = partiesOf(call);
  return (
    <>
      <Stranger name={from} />
      <span className="text-fg-3">→</span>
      <Stranger name={to} />
    </>
  );
}

function Summary({ call, streams }: { call: Call; streams: readonly RtpStream[] }) {
  return (
    <>
      <CallStateMark state={call.state} />
      {call.result !== null && <Stranger name={call.result} className="text-fg-2" />}
      <span>{durationText(call.duration_s)}</span>
      <CallMos call={call} streams={streams} />
    </>
  );
}

function CallFacts({ call }: { call: Call }) {
  const began_ms = call.started === null ? null : Date.parse(call.started);
  return (
    <SheetPart title={words.facts}>
      <Facts>
        <Fact label={calls.columns.began}>
          <span title={dateAndUtc(began_ms)}>{packetTime(began_ms)}</span>
        </Fact>
        <Fact label={<Term label={calls.columns.delay} hint={calls.hints.delay} />}>
          {delayText(call.post_dial_delay_ms)}
        </Fact>
        <Fact label={words.caller}>
          <span className="mono break-all">{call.caller}</span>
        </Fact>
        <Fact label={words.callee}>
          <span className="mono break-all">{call.callee}</span>
        </Fact>
        <Fact label={calls.columns.codecs} wide>
          <bdi>{call.codecs.length === 0 ? calls.noCodec : call.codecs.join(", ")}</bdi>
        </Fact>
        {call.call_id !== null && (
          <Fact label={words.callId} wide>
            <bdi className="mono wrap-anywhere">{call.call_id}</bdi>
          </Fact>
        )}
      </Facts>
      {call.call_id === null && <p className="text-fg-3">{words.unsignalled}</p>}
    </SheetPart>
  );
}
