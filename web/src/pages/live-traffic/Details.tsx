/** One packet: what its row says, and its bytes. */

import { X } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import type { PacketRow } from "../../generated/PacketRow";
import { byteCountText, count, dateAndUtc } from "../../lib/format";
import { hexLines } from "../../lib/hex";
import { strings } from "../../lib/strings";
import { packet, reasonOf } from "../../live/client";

interface Props {
  number: number;
  onClose: () => void;
}

interface Shown {
  row: PacketRow;
  bytes: string;
}

export function Details({ number, onClose }: Props) {
  const { shown, problem, again } = usePacket(number);
  return (
    <section
      aria-label={strings.packets.details}
      className="panel appear flex max-h-[46%] min-h-40 shrink-0 flex-col overflow-hidden"
    >
      <header className="flex items-center gap-2 px-3 pt-1.5">
        <h2 className="font-semibold text-fg-2 text-table">{strings.packets.detailsOf(count(number))}</h2>
        <button
          type="button"
          className="ml-auto grid size-6 place-items-center rounded text-fg-3 hover:bg-raised hover:text-fg"
          aria-label={strings.packets.closeDetails}
          onClick={onClose}
        >
          <X size={14} aria-hidden="true" />
        </button>
      </header>
      {problem !== null && (
        <div role="alert" className="p-3">
          <p>{problem}</p>
          <button type="button" className="button mt-2" onClick={again}>
            {strings.panel.retry}
          </button>
        </div>
      )}
      {problem === null && shown === null && <div className="skeleton m-3 h-24" />}
      {problem === null && shown !== null && (
        <div className="grid min-h-0 flex-1 grid-cols-1 overflow-auto md:grid-cols-[minmax(220px,2fr)_max-content]">
          <Fields shown={shown} />
          <Bytes bytes={shown.bytes} />
        </div>
      )}
    </section>
  );
}

/** Asks for the packet's bytes. What was shown stays until the next packet is there. */
function usePacket(number: number) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks for the same packet again
  useEffect(() => {
    let gone = false;
    packet(number).then(
      (answer) => {
        if (gone) return;
        setShown(answer);
        setProblem(null);
      },
      (error: unknown) => {
        if (!gone) setProblem(reasonOf(error));
      },
    );
    return () => {
      gone = true;
    };
  }, [number, attempt]);
  return { shown, problem, again: () => setAttempt(attempt + 1) };
}

function Fields({ shown: { row, bytes } }: { shown: Shown }) {
  const fields: [label: string, value: string][] = [
    [strings.packets.time, dateAndUtc(row.time_ms)],
    [strings.packets.columns[2], row.source],
    [strings.packets.columns[3], row.destination],
    [strings.packets.columns[4], row.protocol],
    [strings.packets.length, byteCountText(row.length)],
    [strings.packets.captured, byteCountText(Math.floor(bytes.length / 2))],
    [strings.packets.info, row.info],
  ];
  return (
    <dl className="grid h-max grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 px-3 py-2 text-table">
      {fields.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-fg-3">{label}</dt>
          <dd className="mono break-all">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Bytes({ bytes }: { bytes: string }) {
  const lines = useMemo(() => hexLines(bytes), [bytes]);
  if (lines.length === 0) return <p className="px-3 py-2 text-fg-3">{strings.packets.noBytes}</p>;
  return (
    <section
      aria-label={strings.packets.bytes}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="mono overflow-auto whitespace-pre border-line px-3 py-2 leading-5 md:border-l"
    >
      <table>
        <tbody>
          {lines.map(({ offset, hex, ascii }) => (
            <tr key={offset}>
              <th scope="row" className="pr-4 text-left font-normal text-fg-3">
                {offset}
              </th>
              <td className="pr-4">{hex}</td>
              <td className="text-fg-2">{ascii}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
