/** One call in the table. */

import { StateDot } from "../../../components/StateDot";
import { Stranger } from "../../../components/Stranger";
import type { Call } from "../../../generated/Call";
import type { CallState } from "../../../generated/CallState";
import type { RtpStream } from "../../../generated/RtpStream";
import { dateAndUtc, delayText, durationText, timeOfDay, UNKNOWN } from "../../../lib/format";
import { mediaStrings } from "../../../lib/media-strings";
import { CallMos } from "../../parts/media/MosMark";
import { useOver } from "../../parts/use-over";
import { CALL_ROOM } from "./columns";
import { callState } from "./states";
import { useInSight } from "./use-in-sight";

const { calls: words } = mediaStrings;

/** Where the focus goes back to when the details of a call are closed. */
export function callRowId(call: number): string {
  return `call-${call}`;
}

/** Who calls, and who is called; without signalling, their addresses. That it is SIP needs no saying twice. */
export function partiesOf({ from, to, caller, callee }: Call): { from: string; to: string } {
  const name = (party: string) => party.replace(/^sips?:/i, "");
  return { from: name(from ?? caller), to: name(to ?? callee) };
}

export function CallStateMark({ state }: { state: CallState }) {
  const { tone, text } = callState(state, useOver());
  return (
    <span className="inline-flex items-center gap-1.5">
      <StateDot tone={tone} />
      {text}
    </span>
  );
}

interface Props {
  call: Call;
  /** Those of it that are listed. */
  streams: readonly RtpStream[];
  selected: boolean;
  onOpen: (call: number) => void;
}

export function CallRow({ call, streams, selected, onOpen }: Props) {
  const { id, state, codecs, result } = call;
  const { from, to } = partiesOf(call);
  const { tone, text } = callState(state, useOver());
  const row = useInSight<HTMLTableRowElement>(selected);
  const began_ms = call.started === null ? null : Date.parse(call.started);
  return (
    // The button in the first cell does the same for the keyboard.
    <tr
      ref={row}
      aria-current={selected ? "true" : undefined}
      className="h-(--row) cursor-default hover:bg-raised aria-[current]:bg-raised"
      onClick={() => onOpen(id)}
    >
      <th scope="row" className="px-2 text-left font-normal">
        <button
          type="button"
          id={callRowId(id)}
          title={words.open(mediaStrings.direction(from, to))}
          className="flex min-h-6 max-w-full items-center gap-2 text-left font-medium hover:underline"
          onClick={(event) => {
            event.stopPropagation();
            onOpen(id);
          }}
        >
          {/* Where there is little room, state and callee have no columns of their own. */}
          <span className="shrink-0 @sm:hidden">
            <StateDot tone={tone} />
            <span className="sr-only">{text}</span>
          </span>
          <span className="flex min-w-0 flex-col">
            <Stranger name={from} />
            <Stranger name={mediaStrings.towards(to)} className="@sm:hidden" />
          </span>
        </button>
      </th>
      <td className={`px-2 ${CALL_ROOM.to}`}>
        <Stranger name={to} className="block" />
      </td>
      <td className={`px-2 leading-tight ${CALL_ROOM.state}`}>
        <CallStateMark state={state} />
      </td>
      <td className={`whitespace-nowrap px-2 text-fg-2 ${CALL_ROOM.began}`} title={dateAndUtc(began_ms)}>
        {timeOfDay(began_ms)}
      </td>
      <td className={`whitespace-nowrap px-2 text-right ${CALL_ROOM.duration}`}>
        {durationText(call.duration_s)}
      </td>
      <td className={`px-2 text-fg-2 ${CALL_ROOM.codecs}`}>
        {codecs.length === 0 ? (
          <span className="text-fg-3">{words.noCodec}</span>
        ) : (
          <Stranger name={codecs.join(", ")} className="block" />
        )}
      </td>
      <td className={`whitespace-nowrap px-2 text-right ${CALL_ROOM.delay}`}>
        {delayText(call.post_dial_delay_ms)}
      </td>
      <td className={`px-2 text-fg-2 ${CALL_ROOM.result}`}>
        {result === null ? (
          <span className="text-fg-3">{UNKNOWN}</span>
        ) : (
          <Stranger name={result} className="block" />
        )}
      </td>
      <td className="px-2">
        <CallMos call={call} streams={streams} />
      </td>
    </tr>
  );
}
