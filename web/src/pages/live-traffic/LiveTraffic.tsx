/** The packets: the newest as they come, and every one that is still held. */

import { useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowDownToLine, X } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Boundary } from "../../components/Boundary";
import { PacketGrid } from "../../components/PacketGrid";
import { FILTER_FIELD_ID, focusFilterIfWanted } from "../../lib/focus";
import { count } from "../../lib/format";
import { strings } from "../../lib/strings";
import { useTitle } from "../../lib/title";
import { bus } from "../../live/bus";
import { findPackets } from "../../live/client";
import { model } from "../../live/model";
import { useSession } from "../../live/session";
import { Details } from "./Details";
import { HeldPackets } from "./held-packets";
import { MatchingPackets } from "./matching-packets";

/** The filter is asked for when typing pauses. */
const TYPING_PAUSE_MS = 250;

const COUNT_EVERY_MS = 500;

export function LiveTraffic() {
  const session = useSession((state) => state.status?.session ?? 0);
  const { filter = "" } = useSearch({ from: "/live" });
  useTitle(strings.pages.live);
  return (
    <div className="flex h-full min-h-80 flex-col gap-3">
      <h1 className="sr-only">{strings.pages.live}</h1>
      <Boundary>
        {/* Another session is another list: nothing of the one before may be left. */}
        <Packets key={session} filter={filter} />
      </Boundary>
    </div>
  );
}

function Packets({ filter }: { filter: string }) {
  const { packet: selected = null } = useSearch({ from: "/live" });
  const navigate = useNavigate();
  // A packet in the address is to be seen where it stands; else the newest are.
  const [follow, setFollow] = useState(selected === null);
  const [listed, setListed] = useState(filter);
  if (listed !== filter) {
    // Another filter is another list, and a list begins at its newest row.
    setListed(filter);
    setFollow(true);
  }
  const { source, subscribe } = usePackets(filter, follow);
  const select = useCallback(
    (packet: number | undefined) =>
      void navigate({
        to: "/live",
        search: ({ packet: _, ...search }) => (packet === undefined ? search : { ...search, packet }),
        replace: true,
      }),
    [navigate],
  );
  return (
    <>
      <section
        className="panel flex min-h-0 flex-1 flex-col overflow-hidden"
        aria-label={strings.packets.label}
      >
        <div className="flex items-center gap-2 px-3 py-2">
          <FilterField filter={filter} />
          <Counts source={source} />
          <FollowButton source={source} follow={follow} onFollow={setFollow} />
        </div>
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
          <Empty source={source} filter={filter} />
        </div>
      </section>
      {selected !== null && <Details number={selected} onClose={() => select(undefined)} />}
    </>
  );
}

type Source = HeldPackets | MatchingPackets;

/** The list to show, and how its grid hears of changes. A new filter's list takes over when it found something or ended. */
function usePackets(filter: string, follow: boolean) {
  const paints = useRef(new Set<() => void>());
  const repaint = useCallback(() => {
    for (const paint of paints.current) paint();
  }, []);
  const source = useMemo<Source>(
    () =>
      filter === ""
        ? new HeldPackets(findPackets, repaint)
        : new MatchingPackets(filter, findPackets, repaint),
    [filter, repaint],
  );
  const followed = useRef(follow);
  followed.current = follow;
  // Read at once, so that the first paint has rows.
  const take = useCallback(() => {
    const { packets } = model.latest;
    if (packets !== null) source.update(packets, followed.current);
    repaint();
  }, [source, repaint]);
  const subscribe = useCallback((paint: () => void) => {
    paints.current.add(paint);
    return () => {
      paints.current.delete(paint);
    };
  }, []);
  useEffect(() => {
    const remove = bus.view(["packets"], take, { every_ms: 100 });
    return () => {
      remove();
      if (source instanceof MatchingPackets) source.close();
    };
  }, [source, take]);
  useEffect(() => {
    if (follow) take();
  }, [follow, take]);
  return { source, subscribe };
}

function FilterField({ filter }: { filter: string }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState(filter);
  const asked = useRef(filter);
  // The address may change without the field: the back button, a link.
  if (asked.current !== filter) {
    asked.current = filter;
    if (typed.trim() !== filter) setTyped(filter);
  }
  useEffect(focusFilterIfWanted, []);
  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === asked.current) return;
    const timer = setTimeout(
      () => void navigate({ to: "/live", search: wanted === "" ? {} : { filter: wanted }, replace: true }),
      TYPING_PAUSE_MS,
    );
    return () => clearTimeout(timer);
  }, [typed, navigate]);
  return (
    <div className="relative min-w-0 flex-1">
      <input
        id={FILTER_FIELD_ID}
        aria-label={strings.packets.filterLabel}
        placeholder={strings.packets.filterPlaceholder}
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          if (typed === "") event.currentTarget.blur();
          else setTyped("");
        }}
        className="field mono w-full pr-8"
      />
      {typed !== "" && (
        <button
          type="button"
          className="absolute top-1 right-1 grid size-6 place-items-center rounded text-fg-3 hover:text-fg"
          aria-label={strings.packets.clearFilter}
          onClick={() => setTyped("")}
        >
          <X size={14} aria-hidden="true" />
        </button>
      )}
    </div>
  );
}

/** How many packets there are to see; read a few times a second, because no message says so. */
function useTick(): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden && useSession.getState().pausedAtPackets === null) setTick((tick) => tick + 1);
    }, COUNT_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
}

function Counts({ source }: { source: Source }) {
  useTick();
  const all = count(heldPackets());
  const text =
    source instanceof MatchingPackets
      ? strings.packets.of(count(source.count), all)
      : strings.packets.held(all);
  return <span className="shrink-0 text-fg-2 max-sm:hidden">{text}</span>;
}

/** The packets the program holds: the oldest ones make room for new ones. */
function heldPackets(): number {
  const { packets } = model.latest;
  if (packets === null || packets.newest === null || packets.oldest === null) return 0;
  return packets.newest - packets.oldest + 1;
}

interface FollowProps {
  source: Source;
  follow: boolean;
  onFollow: (follow: boolean) => void;
}

function FollowButton({ source, follow, onFollow }: FollowProps) {
  useTick();
  const last = source.numberAt(source.count - 1);
  const newer = follow || last === null ? 0 : (model.latest.packets?.newest ?? last) - last;
  const words =
    source instanceof HeldPackets && newer > 0
      ? strings.packets.followNew(count(newer))
      : strings.packets.follow;
  return (
    <button
      type="button"
      aria-pressed={follow}
      className={`button shrink-0 ${follow ? "border-accent text-accent" : ""}`}
      onClick={() => onFollow(!follow)}
    >
      <ArrowDownToLine size={14} aria-hidden="true" />
      {follow ? strings.packets.following : words}
    </button>
  );
}

function Empty({ source, filter }: { source: Source; filter: string }) {
  useTick();
  if (source.count > 0) return null;
  const searching = source instanceof MatchingPackets && source.searching;
  const words =
    heldPackets() === 0
      ? strings.packets.noneYet
      : searching
        ? strings.packets.searching
        : strings.packets.noMatch(filter);
  if (filter === "" && heldPackets() > 0) return null;
  return (
    <div className="pointer-events-none absolute inset-0 grid place-items-center text-center">
      <div>
        <p className="font-medium">{words}</p>
        {heldPackets() === 0 && <p className="text-fg-3">{strings.packets.noneYetHint}</p>}
      </div>
    </div>
  );
}
