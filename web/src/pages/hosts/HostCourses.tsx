/** A host over its time, in four charts that share it. */

import { useEffect, useMemo } from "react";
import type { Series } from "../../components/lines";
import { TimeChart } from "../../components/TimeChart";
import type { HostCourse } from "../../generated/HostCourse";
import type { HostStep } from "../../generated/HostStep";
import { bitRateText, count, delayText, durationText, packetRateText } from "../../lib/format";
import { hostStrings } from "../../lib/host-strings";
import { CourseCharts } from "../parts/course-charts";

const { charts } = hostStrings;

const THROUGHPUT: readonly Series[] = [
  { label: charts.in, color: "--in", fill: true },
  { label: charts.out, color: "--out", fill: true, below: true },
];
const PACKETS: readonly Series[] = [{ label: charts.packets, color: "--accent", fill: true }];
const RTT: readonly Series[] = [{ label: charts.rtt, color: "--accent", shape: "dots" }];
const RESENT: readonly Series[] = [{ label: charts.resent, color: "--crit", shape: "bars" }];

interface Props {
  address: string;
  course: HostCourse;
}

export function HostCourses({ address, course }: Props) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another host has charts of its own, not zoomed in
  const shared = useMemo(() => new CourseCharts<HostStep>(), [address]);
  const read = useMemo(
    () => ({
      throughput: shared.lines([({ in_bps }) => in_bps, ({ out_bps }) => out_bps], "rates"),
      packets: shared.lines([({ packets_per_second }) => packets_per_second], "rates"),
      rtt: shared.lines([({ rtt_ms }) => rtt_ms]),
      resent: shared.lines([({ resent }) => resent]),
    }),
    [shared],
  );
  useEffect(() => shared.show(course), [shared, course]);
  if (course.steps.length === 0) return null;
  const parts = {
    low: true,
    events: shared.events,
    subscribe: shared.subscribe,
    meta: <span className="text-meta">{charts.step(durationText(course.step_s))}</span>,
  };
  return (
    <div className="grid @2xl:grid-cols-2 gap-3">
      <TimeChart
        title={charts.throughput}
        unit="b/s"
        series={THROUGHPUT}
        read={read.throughput}
        format={bitRateText}
        {...parts}
      />
      <TimeChart
        title={charts.packets}
        unit="pkt/s"
        series={PACKETS}
        read={read.packets}
        format={packetRateText}
        {...parts}
      />
      <TimeChart
        title={charts.rtt}
        unit="ms"
        series={RTT}
        read={read.rtt}
        format={delayText}
        unknown={charts.noRtt}
        {...parts}
      />
      <TimeChart
        title={charts.resent}
        unit={charts.resentUnit}
        series={RESENT}
        read={read.resent}
        format={count}
        {...parts}
      />
    </div>
  );
}
