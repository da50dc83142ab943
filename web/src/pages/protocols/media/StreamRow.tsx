/** One stream in the table. */

import { StateDot } from "../../../components/StateDot";
import { Stranger } from "../../../components/Stranger";
import type { RtpStream } from "../../../generated/RtpStream";
import { endText } from "../../../lib/flow-names";
import { count, dateAndUtc, delayText, percentageText, timeOfDay, UNKNOWN } from "../../../lib/format";
import { mediaStrings } from "../../../lib/media-strings";
import { StreamMos } from "../../parts/media/MosMark";
import { codecAndClock, endsText, kindText } from "../../parts/media/names";
import { useOver } from "../../parts/use-over";
import { STREAM_ROOM } from "./columns";
import { streamState } from "./states";
import { useInSight } from "./use-in-sight";

const { streams: words, signs, signHints } = mediaStrings;

/** Where the focus goes back to when the details of a stream are closed. */
export function streamRowId(stream: number): string {
  return `stream-${stream}`;
}

interface Props {
  stream: RtpStream;
  selected: boolean;
  onOpen: (stream: number) => void;
}

export function StreamRow({ stream, selected, onOpen }: Props) {
  const { id, active, lost, lost_percentage } = stream;
  const { tone, text } = streamState(active, useOver());
  const row = useInSight<HTMLTableRowElement>(selected);
  const began_ms = stream.first_seen === null ? null : Date.parse(stream.first_seen);
  return (
    // The button in the first cell does the same for the keyboard.
    <tr
      ref={row}
      aria-current={selected ? "true" : undefined}
      className="h-(--row) cursor-default hover:bg-raised aria-[current]:bg-raised"
      onClick={() => onOpen(id)}
    >
      <th scope="row" className="px-2 text-left font-normal">
        <span className="flex min-w-0 items-center gap-2" title={text}>
          <StateDot tone={tone} />
          <span className="sr-only">{text}</span>
          <button
            type="button"
            id={streamRowId(id)}
            title={words.open(endsText(stream))}
            className="mono min-h-6 min-w-0 wrap-anywhere py-0.5 text-left hover:underline"
            onClick={(event) => {
              event.stopPropagation();
              onOpen(id);
            }}
          >
            <End address={stream.src} port={stream.src_port} /> <span className="text-fg-3">→</span>{" "}
            <End address={stream.dst} port={stream.dst_port} />
          </button>
        </span>
      </th>
      <td className={`px-2 ${stream.codec === null ? "text-fg-3" : ""} ${STREAM_ROOM.codec}`}>
        <Stranger name={codecAndClock(stream)} className="block" />
      </td>
      <td className={`truncate px-2 text-fg-2 ${STREAM_ROOM.kind}`}>{kindText(stream) ?? UNKNOWN}</td>
      <td className={`whitespace-nowrap px-2 text-right ${STREAM_ROOM.packets}`}>{count(stream.packets)}</td>
      <td className={`whitespace-nowrap px-2 text-right ${lost === 0 ? "text-fg-3" : ""}`}>
        <span className="@max-xl:hidden">{count(lost)} · </span>
        {percentageText(lost_percentage)}
      </td>
      <td
        className={`whitespace-nowrap px-2 text-right ${STREAM_ROOM.jitter}`}
        title={words.jitterOf(delayText(stream.jitter_ms), delayText(stream.jitter_ms_max))}
      >
        {delayText(stream.jitter_ms_mean)}
      </td>
      <td className="px-2">
        <StreamMos stream={stream} />
      </td>
      <td className={`truncate px-2 text-fg-2 ${STREAM_ROOM.found}`} title={signHints[stream.found_by]}>
        {signs[stream.found_by]}
      </td>
      <td className={`whitespace-nowrap px-2 text-fg-2 ${STREAM_ROOM.began}`} title={dateAndUtc(began_ms)}>
        {timeOfDay(began_ms)}
      </td>
    </tr>
  );
}

/** Where there is little room the address alone: the row's hint has the port. */
function End({ address, port }: { address: string; port: number }) {
  return (
    <>
      <span className="@max-xl:hidden">{endText(address, port)}</span>
      <span className="@xl:hidden">{address}</span>
    </>
  );
}
