/** One packet: what its row says, and its bytes. */

import { ChevronDown, ChevronUp, Filter, X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { CopyButton } from "../../components/CopyButton";
import { HexView } from "../../components/HexView";
import { Split } from "../../components/Split";
import type { PacketRow } from "../../generated/PacketRow";
import { byteCountText, count, dateAndUtc } from "../../lib/format";
import { hexDump } from "../../lib/hex";
import { classColor, protocolClass } from "../../lib/protocols";
import { strings } from "../../lib/strings";
import { packet, reasonOf } from "../../live/client";

interface Props {
  number: number;
  onClose: () => void;
  onFilter: (text: string) => void;
  /** Goes to the packet before (-1) or after (1) between the same two addresses. */
  onNeighbour: (row: PacketRow, direction: -1 | 1) => void;
}

interface Shown {
  row: PacketRow;
  bytes: string;
}

export function Details({ number, onClose, onFilter, onNeighbour }: Props) {
  const { shown, problem, again } = usePacket(number);
  useNeighbourKeys(shown?.row ?? null, onNeighbour);
  return (
    <section
      aria-label={strings.packets.details}
      className="panel appear flex min-h-0 min-w-0 flex-col overflow-hidden"
    >
      <header className="flex flex-wrap items-center gap-1 px-3 pt-1.5">
        <h2 className="font-semibold text-fg-2 text-table">{strings.packets.detailsOf(count(number))}</h2>
        {shown !== null && (
          <>
            <span className="ml-2 flex">
              <NeighbourButton direction={-1} onPress={() => onNeighbour(shown.row, -1)} />
              <NeighbourButton direction={1} onPress={() => onNeighbour(shown.row, 1)} />
            </span>
            <CopyButton
              text={() => shown.bytes}
              label={strings.hex.copy}
              className="ml-auto h-7! border-none px-1.5!"
            />
            <CopyButton
              text={() => hexDump(shown.bytes)}
              label={strings.hex.copyDump}
              className="h-7! border-none max-sm:hidden"
            />
          </>
        )}
        <button
          type="button"
          className={`grid size-6 place-items-center rounded text-fg-3 hover:bg-raised hover:text-fg ${shown === null ? "ml-auto" : ""}`}
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
      {problem === null && shown !== null && <Packet shown={shown} onFilter={onFilter} />}
    </section>
  );
}

/** Ctrl . and Ctrl , go along the conversation; with a second key held they are no single keys and need no switch. */
function useNeighbourKeys(row: PacketRow | null, onNeighbour: Props["onNeighbour"]): void {
  useEffect(() => {
    if (row === null) return;
    const press = (event: KeyboardEvent) => {
      const direction = { ",": -1 as const, ".": 1 as const }[event.key];
      if (direction === undefined || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
      event.preventDefault();
      onNeighbour(row, direction);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [row, onNeighbour]);
}

function NeighbourButton({ direction, onPress }: { direction: -1 | 1; onPress: () => void }) {
  const label = direction < 0 ? strings.packets.previous : strings.packets.next;
  const Icon = direction < 0 ? ChevronUp : ChevronDown;
  return (
    <button
      type="button"
      className="grid size-6 place-items-center rounded text-fg-3 hover:bg-raised hover:text-fg"
      aria-label={label}
      title={`${label} (Ctrl ${direction < 0 ? "," : "."})`}
      onClick={onPress}
    >
      <Icon size={14} aria-hidden="true" />
    </button>
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

interface PacketProps {
  shown: Shown;
  onFilter: (text: string) => void;
}

function Packet({ shown, onFilter }: PacketProps) {
  const bytes =
    shown.bytes === "" ? (
      <p className="px-3 py-2 text-fg-3">{strings.packets.noBytes}</p>
    ) : (
      <HexView key={shown.row.number} bytes={shown.bytes} label={strings.packets.bytes} />
    );
  return (
    <Split
      name="pane.facts"
      label={strings.split.facts}
      initial={0.52}
      first={<Facts shown={shown} onFilter={onFilter} />}
      second={bytes}
      className="flex-1 max-md:block max-md:overflow-auto max-md:*:[[role=separator]]:hidden"
    />
  );
}

function Facts({ shown: { row, bytes }, onFilter }: PacketProps) {
  const { packets } = strings;
  return (
    <section
      aria-label={packets.facts}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="min-h-0 overflow-auto px-3 py-1 text-table focus-visible:-outline-offset-2"
    >
      <Group title={packets.ends}>
        <Fact label={packets.columns[2]}>
          <Address address={row.source} onFilter={onFilter} />
        </Fact>
        <Fact label={packets.columns[3]}>
          <Address address={row.destination} onFilter={onFilter} />
        </Fact>
      </Group>
      <Group title={packets.content}>
        <Fact label={packets.columns[4]}>
          <i
            className="swatch mr-1.5 inline-block size-2 rounded-xs"
            style={{ background: classColor(protocolClass(row.protocol)) }}
          />
          {row.protocol}
        </Fact>
        <Fact label={packets.info}>{row.info === "" ? "–" : row.info}</Fact>
      </Group>
      <Group title={packets.frame}>
        <Fact label={packets.time}>{dateAndUtc(row.time_ms)}</Fact>
        <Fact label={packets.length}>{byteCountText(row.length)}</Fact>
        <Fact label={packets.captured}>{byteCountText(Math.floor(bytes.length / 2))}</Fact>
      </Group>
    </section>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details open className="mb-1">
      <summary className="h-6 cursor-pointer font-medium leading-6">{title}</summary>
      <dl className="grid grid-cols-[minmax(72px,124px)_minmax(0,1fr)] max-sm:grid-cols-[84px_minmax(0,1fr)] gap-x-3 gap-y-0.5 border-line border-l pl-3">
        {children}
      </dl>
    </details>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-fg-3">{label}</dt>
      <dd className="mono break-all">{children}</dd>
    </>
  );
}

function Address({ address, onFilter }: { address: string; onFilter: (text: string) => void }) {
  if (address === "") return "–";
  return (
    <span className="inline-flex items-center gap-1">
      {address}
      <button
        type="button"
        className="grid size-6 shrink-0 place-items-center rounded text-fg-3 hover:bg-raised hover:text-fg"
        aria-label={strings.packets.filterBy(address)}
        title={strings.packets.filterBy(address)}
        onClick={() => onFilter(address)}
      >
        <Filter size={12} aria-hidden="true" />
      </button>
    </span>
  );
}
