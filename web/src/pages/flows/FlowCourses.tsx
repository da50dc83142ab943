/** A flow over its time, in four charts that share it. */

import { useEffect, useMemo } from "react";
import type { Series } from "../../components/lines";
import { TimeChart } from "../../components/TimeChart";
import type { FlowCourse } from "../../generated/FlowCourse";
import { flowStrings } from "../../lib/flow-strings";
import { bitRateText, count, delayText, durationText, packetRateText } from "../../lib/format";
import { FlowCharts } from "./course";

const { charts } = flowStrings;

const THROUGHPUT: readonly Series[] = [
  { label: charts.down, color: "--in", fill: true },
  { label: charts.up, color: "--out", fill: true, below: true },
];
const PACKETS: readonly Series[] = [{ label: charts.packets, color: "--accent", fill: true }];
const RTT: readonly Series[] = [
  { label: charts.rttServer, color: "--in", shape: "dots" },
  { label: charts.rttClient, color: "--out", shape: "dots", dash: [4, 3] },
];
const TROUBLE: readonly Series[] = [
  { label: charts.resent, color: "--crit", shape: "bars" },
  { label: charts.disordered, color: "--warn", shape: "bars", below: true },
];

interface Props {
  id: number;
  course: FlowCourse;
  isTcp: boolean;
}

export function FlowCourses({ id, course, isTcp }: Props) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another flow has charts of its own, not zoomed in
  const shared = useMemo(() => new FlowCharts(), [id]);
  const read = useMemo(
    () => ({
      throughput: shared.lines([({ down_bps }) => down_bps, ({ up_bps }) => up_bps], "rates"),
      packets: shared.lines([({ packets_per_second }) => packets_per_second], "rates"),
      rtt: shared.lines([({ rtt_server_ms }) => rtt_server_ms, ({ rtt_client_ms }) => rtt_client_ms]),
      trouble: shared.lines([({ resent }) => resent, ({ disordered }) => disordered]),
    }),
    [shared],
  );
  useEffect(() => shared.show(course), [shared, course]);
  if (course.steps.length === 0) return null;
  const parts = { low: true, events: shared.events, subscribe: shared.subscribe };
  const step = <span className="text-meta">{charts.step(durationText(course.step_s))}</span>;
  return (
    <div className="grid @2xl:grid-cols-2 gap-3">
      <TimeChart
        title={charts.throughput}
        unit="b/s"
        meta={step}
        series={THROUGHPUT}
        read={read.throughput}
        format={bitRateText}
        {...parts}
      />
      <TimeChart
        title={charts.packets}
        unit="pkt/s"
        meta={step}
        series={PACKETS}
        read={read.packets}
        format={packetRateText}
        {...parts}
      />
      {isTcp && (
        <>
          <TimeChart
            title={charts.rtt}
            unit="ms"
            meta={step}
            series={RTT}
            read={read.rtt}
            format={delayText}
            unknown={charts.noRtt}
            {...parts}
          />
          <TimeChart
            title={charts.trouble}
            unit={charts.troubleUnit}
            meta={step}
            series={TROUBLE}
            read={read.trouble}
            format={count}
            {...parts}
          />
        </>
      )}
    </div>
  );
}
