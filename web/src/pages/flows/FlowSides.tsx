/** What each side of a flow sent, side by side: where they differ, something is at fault on one of them. */

import { Term } from "../../components/Term";
import type { FlowDetail } from "../../generated/FlowDetail";
import type { FlowTcpSide } from "../../generated/FlowTcpSide";
import { flowStrings } from "../../lib/flow-strings";
import { bitRateText, byteCountText, count, delayText, UNKNOWN } from "../../lib/format";

const { sheet } = flowStrings;

interface Line {
  label: string;
  hint?: string;
  client: string;
  server: string;
}

export function FlowSides({ detail }: { detail: FlowDetail }) {
  return (
    <section aria-label={sheet.sides} className="panel overflow-x-auto px-3 py-1.5 text-table">
      <table className="w-full">
        <thead className="text-fg-3 text-meta">
          <tr className="h-6">
            <td />
            <th scope="col" className="pl-3 text-right font-medium">
              {sheet.fromClient}
            </th>
            <th scope="col" className="pl-3 text-right font-medium">
              {sheet.fromServer}
            </th>
          </tr>
        </thead>
        <tbody>
          {[...volumeOf(detail), ...tcpOf(detail)].map(({ label, hint, client, server }) => (
            <tr key={label} className="h-6">
              <th scope="row" className="text-left font-normal text-fg-3">
                {hint === undefined ? label : <Term label={label} hint={hint} />}
              </th>
              <Value text={client} />
              <Value text={server} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Value({ text }: { text: string }) {
  const nothing = text === UNKNOWN || /^0( |$)/.test(text);
  return <td className={`whitespace-nowrap pl-3 text-right ${nothing ? "text-fg-3" : ""}`}>{text}</td>;
}

function volumeOf({ listed: flow }: FlowDetail): Line[] {
  const rate: Line = {
    label: sheet.rate,
    client: bitRateText(flow.up_bps),
    server: bitRateText(flow.down_bps),
  };
  return [
    // A file has no rates of this moment.
    ...(flow.up_bps === null && flow.down_bps === null ? [] : [rate]),
    { label: sheet.bytes, client: byteCountText(flow.bytes_up), server: byteCountText(flow.bytes_down) },
    { label: sheet.packets, client: count(flow.packets_up), server: count(flow.packets_down) },
    {
      label: sheet.goodput,
      hint: flowStrings.hints.goodput,
      client: byteCountText(flow.goodput_bytes_up),
      server: byteCountText(flow.goodput_bytes_down),
    },
  ];
}

function tcpOf({ tcp }: FlowDetail): Line[] {
  if (tcp === null) return [];
  const line = (label: string, text: (side: FlowTcpSide) => string, hint?: string): Line => ({
    label,
    client: text(tcp.up),
    server: text(tcp.down),
    ...(hint === undefined ? {} : { hint }),
  });
  return [
    line(sheet.dataSegments, (side) => count(side.data_segments)),
    line(sheet.resent, (side) => count(side.resent + side.spurious)),
    line(sheet.spurious, (side) => count(side.spurious), sheet.spuriousHint),
    line(sheet.outOfOrder, (side) => count(side.out_of_order)),
    line(sheet.lost, (side) => count(side.lost), sheet.lostHint),
    line(sheet.duplicateAcks, (side) => count(side.duplicate_acks)),
    line(sheet.zeroWindows, (side) => count(side.zero_windows), sheet.zeroWindowsHint),
    line(sheet.rttMean, (side) => delayText(side.rtt_ms_mean), sheet.rttMeanHint),
    line(sheet.rttMin, (side) => delayText(side.rtt_ms_min)),
    line(sheet.rttSamples, (side) => count(side.rtt_samples)),
  ];
}
