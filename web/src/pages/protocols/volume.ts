/** How much of a protocol there was: a line for each quantity. */

import type { ProtocolRates } from "../../generated/ProtocolRates";
import type { TotalsTopic } from "../../generated/TotalsTopic";
import { bitRateText, byteCountText, count, packetRateText, share } from "../../lib/format";
import { protocolStrings } from "../../lib/protocol-strings";

/** One quantity; each number is `null` where it is not known. */
export interface VolumeRow {
  label: string;
  hint?: string;
  now: number | null;
  average: number | null;
  peak: number | null;
  /** The unit of the three before. */
  unit: string;
  total: number | null;
  unitOfTotal: string;
  rate: (value: number | null) => string;
  sum: (value: number | null) => string;
}

export function volumeRows(rates: ProtocolRates, totals: TotalsTopic): VolumeRow[] {
  const { volume } = protocolStrings;
  // Less than a second gives a peak, which is of a whole second, but no average that could stand beside it.
  const averaged = (average: number | null) => (totals.elapsed_s < 1 ? null : average);
  const bits = { unit: "b/s", unitOfTotal: "bytes", rate: bitRateText, sum: byteCountText };
  return [
    {
      label: volume.in,
      now: rates.inbound_throughput_bps,
      average: averaged(rates.inbound_throughput_bps_average),
      peak: rates.inbound_throughput_bps_peak,
      total: bytesOf(rates.inbound_throughput_bps_average, totals.elapsed_s),
      ...bits,
    },
    {
      label: volume.out,
      hint: volume.outHint,
      now: rates.outward_throughput_bps,
      average: averaged(rates.outward_throughput_bps_average),
      peak: rates.outward_throughput_bps_peak,
      total: bytesOf(rates.outward_throughput_bps_average, totals.elapsed_s),
      ...bits,
    },
    {
      label: volume.packets,
      now: rates.packets_per_second,
      average: averaged(rates.packets_per_second_average),
      peak: rates.packets_per_second_peak,
      total: rates.packets,
      unit: "packets/s",
      unitOfTotal: "packets",
      rate: packetRateText,
      sum: count,
    },
    {
      label: volume.share,
      hint: volume.shareHint,
      ...sharesOf(rates, totals),
      peak: null,
      unit: "0 to 1",
      unitOfTotal: "0 to 1",
      rate: share,
      sum: share,
    },
  ];
}

/** The average is all bits over all seconds: the seconds make it bytes again. */
function bytesOf(average_bps: number | null, elapsed_s: number): number | null {
  return average_bps === null ? null : Math.round((average_bps * elapsed_s) / 8);
}

function sharesOf(
  rates: ProtocolRates,
  { throughput, traffic }: TotalsTopic,
): Pick<VolumeRow, "now" | "average" | "total"> {
  const { total } = throughput;
  return {
    now: ratio(bothWays(rates.inbound_throughput_bps, rates.outward_throughput_bps), total.throughput_bps),
    average: ratio(
      bothWays(rates.inbound_throughput_bps_average, rates.outward_throughput_bps_average),
      total.throughput_bps_average,
    ),
    total: ratio(rates.bytes, traffic.bytes),
  };
}

function bothWays(inbound: number | null, outward: number | null): number | null {
  return inbound === null || outward === null ? null : inbound + outward;
}

/** A share of nothing is unknown. */
function ratio(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : Math.min(1, part / whole);
}
