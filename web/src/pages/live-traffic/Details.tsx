/** One packet: what its row says, and its bytes. */

import { Link } from "@tanstack/react-router";
import { ArrowLeftRight, ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useState } from "react";
import { CopyButton } from "../../components/CopyButton";
import { HexView } from "../../components/HexView";
import { Split } from "../../components/Split";
import type { PacketRow } from "../../generated/PacketRow";
import { flowsBetween } from "../../lib/flow-names";
import { count } from "../../lib/format";
import { hexDump } from "../../lib/hex";
import { strings } from "../../lib/strings";
import { packet, reasonOf } from "../../live/client";
import { Facts, type FactsProps, type Shown } from "./Facts";

interface Props {
  number: number;
  onClose: () => void;
  onFilter: (text: string) => void;
  /** Goes to the packet before (-1) or after (1) between the same two addresses. */
  onNeighbour: (row: PacketRow, direction: -1 | 1) => void;
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
            <span className="ml-auto flex">
              <FlowsLink row={shown.row} />
              <CopyButton
                text={() => shown.bytes}
                label={strings.hex.copy}
                className="h-7! border-none px-1.5!"
              />
            </span>
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

function FlowsLink({ row }: { row: PacketRow }) {
  const filter = flowsBetween(row.source, row.destination);
  if (filter === null) return null;
  return (
    <Link to="/flows" search={{ filter }} className="button h-7! border-none px-1.5! max-sm:hidden">
      <ArrowLeftRight size={14} aria-hidden="true" />
      {strings.packets.flows}
    </Link>
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

function Packet({ shown, onFilter }: FactsProps) {
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
