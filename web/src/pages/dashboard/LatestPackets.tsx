/** The newest packets, always at the end of the list. Opening one goes to the live traffic. */

import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import type { PacketCells } from "../../components/grid-row";
import type { RowSource } from "../../components/grid-view";
import { PacketGrid } from "../../components/PacketGrid";
import { Panel } from "../../components/Panel";
import { count, packetTime } from "../../lib/format";
import { strings } from "../../lib/strings";
import type { Table } from "../../lib/table";
import { bus } from "../../live/bus";
import { model } from "../../live/model";

/** The rows of the `packets` topic as they are: at most 200. */
class NewestRows implements RowSource {
  get count(): number {
    return model.shown.packets?.rows.length ?? 0;
  }

  rowAt(index: number): PacketCells | "gone" {
    return model.shown.packets?.rows[index] ?? "gone";
  }

  numberAt(index: number): number | null {
    return model.shown.packets?.rows[index]?.number ?? null;
  }

  indexOf(number: number): number | null {
    const index = model.shown.packets?.rows.findIndex((row) => row.number === number) ?? -1;
    return index < 0 ? null : index;
  }

  want(): void {
    // All there is came with the topic.
  }
}

function onPackets(paint: () => void, element: Element): () => void {
  return bus.view(["packets"], paint, { element, every_ms: 100 });
}

function stay(): void {
  // The list follows the newest packet whatever is clicked.
}

const TABLE: Table = {
  columns: [
    { label: strings.packets.columns[0], text: count },
    {
      label: strings.packets.columns[1],
      text: packetTime,
      file: (ms) => (ms === null ? "" : new Date(ms).toISOString()),
    },
    { label: strings.packets.columns[2] },
    { label: strings.packets.columns[3] },
    { label: strings.packets.columns[4] },
    { label: strings.packets.columns[5], unit: "bytes", text: count },
    { label: strings.packets.columns[6] },
  ],
  rows: () =>
    (model.shown.packets?.rows ?? [])
      .map((row) => [
        row.number,
        row.time_ms,
        row.source,
        row.destination,
        row.protocol,
        row.length,
        row.info,
      ])
      .reverse(),
};

export function LatestPackets({ className }: { className: string }) {
  const navigate = useNavigate();
  const source = useMemo(() => new NewestRows(), []);
  const show = (packet: number) => void navigate({ to: "/live", search: { packet } });
  return (
    <Panel
      title={strings.dashboard.latestPackets}
      className={className}
      table={TABLE}
      meta={
        <Link
          to="/live"
          search={{}}
          className="inline-flex min-h-6 items-center font-medium text-accent hover:underline"
        >
          {strings.dashboard.openLive}
        </Link>
      }
    >
      <PacketGrid
        label={strings.dashboard.latestPackets}
        source={source}
        follow
        onFollow={stay}
        selected={null}
        onSelect={show}
        onOpen={show}
        subscribe={onPackets}
        className="mt-1 min-h-[312px] flex-1 basis-0 rounded-b-lg"
      />
    </Panel>
  );
}
