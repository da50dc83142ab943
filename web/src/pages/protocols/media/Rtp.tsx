/** What only RTP has: jitter and loss, over time and for each stream. */

import { useMemo } from "react";
import type { Calls } from "../../../generated/Calls";
import type { RtpCounts } from "../../../generated/RtpCounts";
import { count, percentageText } from "../../../lib/format";
import { mediaStrings } from "../../../lib/media-strings";
import { JitterChart, RtpLossChart } from "../../parts/MediaCharts";
import { useOver } from "../../parts/use-over";
import { FigurePanel } from "../FigurePanel";
import { delayRow, lossRow, Quality } from "../Quality";
import type { Order, StreamSort } from "./order";
import { StreamTable } from "./StreamTable";

const { rtp: words } = mediaStrings;

interface Props {
  rtp: RtpCounts;
  topic: Calls | null;
  range: string;
  order: Order<StreamSort>;
  onSort: (sort: StreamSort) => void;
  selected: number | null;
  onOpen: (stream: number) => void;
}

export function Rtp({ rtp, range, ...table }: Props) {
  const quality = useMemo(
    () => [
      delayRow(words.jitter, words.jitterHint, rtp.jitter_ms, rtp.jitter),
      lossRow(words.loss, words.lossHint, rtp.loss),
      delayRow(words.rtcpRtt, words.rtcpRttHint, rtp.rtcp_rtt_ms),
    ],
    [rtp],
  );
  const over = useOver();
  const figures = useMemo(() => figuresOf(rtp, over), [rtp, over]);
  return (
    <>
      <JitterChart range={range} className="col-span-12 @min-[1040px]/page:col-span-6" />
      <RtpLossChart range={range} className="col-span-12 @min-[1040px]/page:col-span-6" />
      <StreamTable {...table} className="col-span-12" />
      <Quality title={words.quality} rows={quality} className="col-span-12 @min-[1040px]/page:col-span-7" />
      <FigurePanel
        title={words.counts}
        figures={figures}
        className="col-span-12 @min-[1040px]/page:col-span-5"
      />
    </>
  );
}

/** `over` says that nothing more will come: then there is no now. */
function figuresOf(rtp: RtpCounts, over: boolean) {
  const [label, hint] = over ? words.activeAtEnd : words.active;
  return [
    { label, hint, value: count(rtp.streams_active) },
    { label: words.seen[0], hint: words.seen[1], value: count(rtp.streams_seen) },
    { label: words.packets, value: count(rtp.packets) },
    {
      label: words.lost[0],
      hint: words.lost[1],
      value: words.lostOf(count(rtp.lost), count(rtp.expected), percentageText(rtp.lost_percentage)),
    },
    { label: words.duplicates[0], hint: words.duplicates[1], value: count(rtp.duplicates) },
    { label: words.outOfOrder[0], hint: words.outOfOrder[1], value: count(rtp.out_of_order) },
    { label: words.rtcpPackets[0], hint: words.rtcpPackets[1], value: count(rtp.rtcp_packets) },
  ];
}
