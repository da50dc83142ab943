/** The newest packets, always at the end of the list. Opening one goes to the live traffic. */

import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import type { PacketCells, RowSource } from "../../components/grid-view";
import { PacketGrid } from "../../components/PacketGrid";
import { Panel } from "../../components/Panel";
import { strings } from "../../lib/strings";
import { bus } from "../../live/bus";
import { model } from "../../live/model";

/** The rows of the `packets` topic as they are: at most 200. */
class NewestRows implements RowSource {
  get count(): number {
    return model.packets?.rows.length ?? 0;
  }

  rowAt(index: number): PacketCells | "gone" {
    return model.packets?.rows[index] ?? "gone";
  }

  numberAt(index: number): number | null {
    return model.packets?.rows[index]?.number ?? null;
  }

  indexOf(number: number): number | null {
    const index = model.packets?.rows.findIndex((row) => row.number === number) ?? -1;
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

export function LatestPackets({ className }: { className: string }) {
  const navigate = useNavigate();
  const source = useMemo(() => new NewestRows(), []);
  const show = (packet: number) => void navigate({ to: "/live", search: { packet } });
  return (
    <Panel
      title={strings.dashboard.latestPackets}
      className={className}
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
        className="mt-1 h-[312px] rounded-b-lg"
      />
    </Panel>
  );
}
