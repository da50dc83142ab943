/** How much of a protocol there is at this moment, on average, at most and in all. */

import { useMemo } from "react";
import { Panel } from "../../components/Panel";
import { Term } from "../../components/Term";
import type { ProtocolRates } from "../../generated/ProtocolRates";
import type { TotalsTopic } from "../../generated/TotalsTopic";
import { plainNumber } from "../../lib/format";
import { protocolStrings } from "../../lib/protocol-strings";
import { classColor, protocolClass } from "../../lib/protocols";
import type { Table } from "../../lib/table";
import type { ProtocolName } from "./chosen";
import { type VolumeRow, volumeRows } from "./volume";

interface Props {
  name: ProtocolName;
  rates: ProtocolRates | undefined;
  totals: TotalsTopic;
  /** Whether nothing more will come. */
  over: boolean;
  onPackets: (name: string) => void;
  onFlows: (name: string) => void;
  className: string;
}

export function Volume({ name, rates, totals, over, onPackets, onFlows, className }: Props) {
  const rows = useMemo(() => (rates === undefined ? [] : volumeRows(rates, totals)), [rates, totals]);
  const table = useMemo(() => tableOf(rows, nowText(over)), [rows, over]);
  const seen = rates !== undefined && rates.packets > 0;
  return (
    <Panel
      title={name}
      color={classColor(protocolClass(name))}
      meta={protocolStrings.session}
      className={className}
      {...(seen ? { table } : {})}
    >
      {seen ? (
        <>
          <Rows rows={rows} now={nowText(over)} />
          <div className="mt-auto flex gap-2 px-3 pt-1 pb-3">
            <Go
              label={protocolStrings.showFlows}
              hint={protocolStrings.flowsOf(name)}
              go={() => onFlows(name)}
            />
            <Go
              label={protocolStrings.showPackets}
              hint={protocolStrings.packetsOf(name)}
              go={() => onPackets(name)}
            />
          </div>
        </>
      ) : (
        <div className="grid min-h-32 flex-1 place-items-center px-3 pb-3 text-center">
          <div>
            <p className="font-medium">{protocolStrings.none(name)}</p>
            <p className="text-fg-3">{over ? protocolStrings.noneAtEnd : protocolStrings.noneHint}</p>
          </div>
        </div>
      )}
    </Panel>
  );
}

/** What is over has no now: its newest number is that of its last second. */
function nowText(over: boolean): string {
  return over ? protocolStrings.volume.lastSecond : protocolStrings.volume.now;
}

function Go({ label, hint, go }: { label: string; hint: string; go: () => void }) {
  return (
    <button type="button" className="button h-7" title={hint} onClick={go}>
      {label}
    </button>
  );
}

const CELL = "whitespace-nowrap pl-2 text-right font-medium last:pr-3 @max-[340px]/panel:pl-1";
/** In a narrow panel the average is left out; the panel's table has it. */
const ROOMY_CELL = `${CELL} @max-[340px]/panel:hidden`;

function Rows({ rows, now: nowLabel }: { rows: readonly VolumeRow[]; now: string }) {
  const { volume } = protocolStrings;
  return (
    <table className="w-full text-table">
      <thead className="text-fg-3 text-meta">
        <tr className="h-6">
          <th scope="col" className="pl-3 text-left font-medium">
            <span className="sr-only">{volume.quantity}</span>
          </th>
          <th scope="col" className={CELL}>
            {nowLabel}
          </th>
          <th scope="col" className={ROOMY_CELL}>
            {volume.average}
          </th>
          <th scope="col" className={CELL}>
            {volume.peak}
          </th>
          <th scope="col" className={CELL}>
            {volume.total}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, hint, now, average, peak, total, rate, sum }) => (
          <tr key={label} className="h-(--row)">
            <th scope="row" className="pl-3 text-left font-normal text-fg-2">
              {hint === undefined ? label : <Term label={label} hint={hint} />}
            </th>
            <td className={`${CELL} text-fg`}>{rate(now)}</td>
            <td className={`${ROOMY_CELL} text-fg-2`}>{rate(average)}</td>
            <td className={`${CELL} text-fg-2`}>{rate(peak)}</td>
            <td className={CELL}>{sum(total)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The rows have units of their own, which stand beside their numbers. */
function tableOf(rows: readonly VolumeRow[], nowLabel: string): Table {
  const { volume } = protocolStrings;
  const number = (label: string) => ({ label, text: plainNumber });
  return {
    columns: [
      { label: volume.quantity },
      number(nowLabel),
      number(volume.average),
      number(volume.peak),
      { label: volume.unit },
      number(volume.total),
      { label: volume.unitOfTotal },
    ],
    rows: () =>
      rows.map(({ label, now, average, peak, unit, total, unitOfTotal }) => [
        label,
        now,
        average,
        peak,
        unit,
        total,
        unitOfTotal,
      ]),
  };
}
