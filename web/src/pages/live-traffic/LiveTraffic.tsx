/** The packets: the newest as they come, and every one that is still held. */

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { Boundary } from "../../components/Boundary";
import { PacketGrid } from "../../components/PacketGrid";
import { Split } from "../../components/Split";
import type { PacketRow } from "../../generated/PacketRow";
import { strings } from "../../lib/strings";
import { useAnotherSession } from "../../live/another-session";
import { findPackets } from "../../live/client";
import { pause, useSession } from "../../live/session";
import { useTitle } from "../../live/title";
import { backToLive } from "../../range/store";
import { Details } from "./Details";
import { FlowChip } from "./FlowChip";
import { Counts, Empty, FollowButton } from "./ListState";
import { nextBetween, previousBetween } from "./neighbours";
import { PacketTools } from "./PacketTools";
import { usePackets } from "./use-packets";

export function LiveTraffic() {
  const session = useSession((state) => state.status?.session ?? 0);
  const { filter = "" } = useSearch({ from: "/live" });
  const allFlows = useAllFlows();
  useAnotherSession(allFlows);
  useTitle(strings.pages.live);
  return (
    <div className="flex h-full min-h-80 flex-col">
      <h1 className="sr-only">{strings.pages.live}</h1>
      <Boundary>
        {/* Another session is another list: nothing of the one before may be left. */}
        <Packets key={session} filter={filter} />
      </Boundary>
    </div>
  );
}

function Packets({ filter }: { filter: string }) {
  const { packet: selected = null, flow = null } = useSearch({ from: "/live" });
  const navigate = useNavigate();
  const { follow, setFollow } = useFollow(`${flow} ${filter}`, selected === null);
  const { source, subscribe } = usePackets(filter, flow, follow);
  const select = useCallback(
    (packet: number | undefined) =>
      void navigate({
        to: "/live",
        search: ({ packet: _, ...search }) => (packet === undefined ? search : { ...search, packet }),
        replace: true,
      }),
    [navigate],
  );
  const filterBy = useCallback(
    (text: string) =>
      void navigate({
        to: "/live",
        search: ({ flow }) => ({
          ...(flow === undefined ? {} : { flow }),
          ...(text === "" ? {} : { filter: text }),
        }),
      }),
    [navigate],
  );
  const allFlows = useAllFlows();
  const { goToNeighbour, none } = useNeighbours(selected, select);
  const list = (
    <section
      className="panel flex min-h-0 min-w-0 flex-col overflow-hidden"
      aria-label={strings.packets.label}
    >
      <PacketTools filter={filter}>
        {flow !== null && <FlowChip key={flow} id={flow} onRemove={allFlows} />}
        <Counts source={source} />
        <FollowButton source={source} follow={follow} onFollow={setFollow} />
      </PacketTools>
      <div className="relative min-h-0 flex-1">
        <PacketGrid
          label={strings.packets.label}
          source={source}
          follow={follow}
          onFollow={setFollow}
          selected={selected}
          onSelect={select}
          onOpen={select}
          onEscape={() => (selected === null ? setFollow(true) : select(undefined))}
          subscribe={subscribe}
          className="h-full"
        />
        <Empty
          source={source}
          filter={filter}
          flow={flow}
          onClearFilter={() => filterBy("")}
          onClearFlow={allFlows}
        />
      </div>
    </section>
  );
  return (
    <>
      <Split
        name="pane.details"
        label={strings.split.details}
        stacked
        initial={0.42}
        first={list}
        second={
          selected === null ? null : (
            <Details
              number={selected}
              onClose={() => select(undefined)}
              onFilter={filterBy}
              onNeighbour={goToNeighbour}
            />
          )
        }
        className="flex-1"
      />
      <p role="status" className={none ? "px-3 pt-1 text-fg-2" : "sr-only"}>
        {none && strings.packets.noNeighbour}
      </p>
    </>
  );
}

/** Lets the packets of all flows come back. */
function useAllFlows(): () => void {
  const navigate = useNavigate();
  return useCallback(
    () => void navigate({ to: "/live", search: ({ flow: _, ...search }) => search, replace: true }),
    [navigate],
  );
}

/** Whether the list stays at its newest row. Leaving it pauses the view, as a zoom does; the end of a pause ends that. */
function useFollow(filter: string, initially: boolean) {
  const paused = useSession((session) => session.pausedAtPackets !== null);
  // A packet in the address is to be seen where it stands; else the newest are.
  const [wanted, setWanted] = useState(initially);
  const [seen, setSeen] = useState({ filter, paused });
  if (seen.filter !== filter || seen.paused !== paused) {
    setSeen({ filter, paused });
    // Another filter is another list, and a list begins at its newest row.
    if (seen.filter !== filter || (seen.paused && !paused)) setWanted(true);
  }
  const setFollow = useCallback((follow: boolean) => {
    setWanted(follow);
    if (follow) backToLive();
    else if (useSession.getState().status?.state === "running") pause();
  }, []);
  return { follow: wanted && !paused, setFollow };
}

/** How long it is said that there is no further packet. */
const NONE_FOR_MS = 4_000;

/** Goes along the packets between two addresses. */
function useNeighbours(selected: number | null, select: (packet: number) => void) {
  const [none, setNone] = useState(false);
  const current = useRef(selected);
  current.current = selected;
  const goToNeighbour = useCallback(
    async (row: PacketRow, direction: -1 | 1) => {
      const found = await (direction < 0 ? previousBetween : nextBetween)(row, findPackets).catch(() => null);
      // Whoever went on meanwhile is not pulled back.
      if (current.current !== row.number) return;
      setNone(found === null);
      if (found !== null) select(found);
    },
    [select],
  );
  useEffect(() => {
    if (!none) return;
    const timer = setTimeout(() => setNone(false), NONE_FOR_MS);
    return () => clearTimeout(timer);
  }, [none]);
  return { goToNeighbour, none };
}
