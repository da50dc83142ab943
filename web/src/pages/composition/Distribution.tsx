/** The eight classes of protocols as bars, the largest first. */

import { useMemo } from "react";
import { BarList } from "../../components/BarList";
import { Panel } from "../../components/Panel";
import type { ProtocolDistribution } from "../../generated/ProtocolDistribution";
import { compositionStrings } from "../../lib/composition-strings";
import { byteCountText, count, share } from "../../lib/format";
import { classColor, PROTOCOL_CLASSES } from "../../lib/protocols";
import type { Table } from "../../lib/table";
import type { Unit } from "./unit";

interface Props {
  distribution: ProtocolDistribution;
  unit: Unit;
  onPick: (protocol: string) => void;
  className: string;
}

export function Distribution({ distribution, unit, onPick, className }: Props) {
  const words = compositionStrings;
  const bars = useMemo(
    () =>
      PROTOCOL_CLASSES.map((name) => ({
        key: name,
        label: name,
        value: distribution[name][unit],
        text: unit === "bytes" ? byteCountText(distribution[name].bytes) : count(distribution[name].packets),
        color: classColor(name),
        still: name === "Others",
      })).sort((a, b) => b.value - a.value),
    [distribution, unit],
  );
  const table = useMemo(() => tableOf(distribution), [distribution]);
  return (
    <Panel title={words.distribution} meta={words.shareOf[unit]} table={table} className={className}>
      <BarList bars={bars} pick={{ hint: words.byProtocol, go: onPick }} />
      <p className="mt-auto px-3 pb-3 text-fg-3 text-meta">{words.distributionHint}</p>
    </Panel>
  );
}

function tableOf(distribution: ProtocolDistribution): Table {
  const words = compositionStrings;
  const whole = PROTOCOL_CLASSES.reduce((sum, name) => sum + distribution[name].bytes, 0);
  return {
    columns: [
      { label: words.protocol },
      { label: words.share, unit: "0 to 1", text: share },
      { label: words.bytes, unit: "bytes", text: byteCountText },
      { label: words.packets, text: count },
    ],
    rows: () =>
      PROTOCOL_CLASSES.map((name) => {
        const { bytes, packets } = distribution[name];
        return [name, whole === 0 ? null : bytes / whole, bytes, packets];
      }),
  };
}
