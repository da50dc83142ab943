/** What stands beside and over the list: how much of it there is, whether it follows, and why it is empty. */

import { ArrowDownToLine } from "lucide-react";
import { useEffect, useState } from "react";
import { DemoButton } from "../../capture/DemoButton";
import { OpenCapture } from "../../capture/OpenCapture";
import { Nothing } from "../../components/Nothing";
import { announce } from "../../lib/announce";
import { count } from "../../lib/format";
import { strings } from "../../lib/strings";
import { model } from "../../live/model";
import { useSession } from "../../live/session";
import type { HeldPackets } from "./held-packets";
import { MatchingPackets } from "./matching-packets";

export type Source = HeldPackets | MatchingPackets;

const COUNT_EVERY_MS = 500;

/** Looks again a few times a second, because no message says how many packets there are to see. */
function useTick(): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setTick((tick) => tick + 1);
    }, COUNT_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
}

/** The packets the program holds: the oldest ones make room for new ones. */
function heldPackets(): number {
  const { packets } = model.shown;
  if (packets === null || packets.newest === null || packets.oldest === null) return 0;
  return packets.newest - packets.oldest + 1;
}

export function Counts({ source }: { source: Source }) {
  useTick();
  const all = count(heldPackets());
  const matches = source instanceof MatchingPackets && !source.searching ? source.count : null;
  useEffect(() => {
    if (matches !== null) announce(strings.announce.matches(count(matches)));
  }, [matches]);
  const part = source instanceof MatchingPackets && !source.complete;
  return (
    <span className="shrink-0 text-fg-2 max-sm:mr-auto" title={part ? strings.packets.ofMoreHint : undefined}>
      {source instanceof MatchingPackets ? matchesText(source, all) : strings.packets.held(all)}
    </span>
  );
}

function matchesText(matches: MatchingPackets, all: string): string {
  if (matches.complete) return strings.packets.of(count(matches.count), all);
  return matches.count === 0 ? strings.packets.searching : strings.packets.ofMore(count(matches.count), all);
}

interface FollowProps {
  source: Source;
  follow: boolean;
  onFollow: (follow: boolean) => void;
}

export function FollowButton({ source, follow, onFollow }: FollowProps) {
  useTick();
  const last = source.numberAt(source.count - 1);
  const newer = follow || last === null ? 0 : (model.latest.packets?.newest ?? last) - last;
  const words =
    !(source instanceof MatchingPackets) && newer > 0
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

interface EmptyProps {
  source: Source;
  filter: string;
  /** The one flow whose packets are listed; `null` for those of all. */
  flow: number | null;
  onClearFilter: () => void;
  onClearFlow: () => void;
}

export function Empty({ source, filter, flow, onClearFilter, onClearFlow }: EmptyProps) {
  useTick();
  const state = useSession((session) => session.status?.state);
  // Before the program said what is there, nothing is known to be missing.
  if (source.count > 0 || state === undefined) return null;
  if (heldPackets() === 0) {
    const running = state === "running" || state === "starting";
    return (
      <Nothing
        text={running ? strings.dashboard.waiting : strings.packets.noneYet}
        hint={running ? strings.packets.waitingHint : strings.packets.noneYetHint}
      >
        {!running && (
          <>
            <OpenCapture />
            <DemoButton />
          </>
        )}
      </Nothing>
    );
  }
  if (filter === "" && flow === null) return null;
  if (source instanceof MatchingPackets && source.searching)
    return <Nothing text={strings.packets.searching} />;
  if (source instanceof MatchingPackets && !source.complete) {
    const searched = count(source.searched);
    return (
      <Nothing
        text={
          filter === ""
            ? strings.packets.noneOfFlowYet(searched)
            : strings.packets.noMatchYet(filter, searched)
        }
      >
        <button type="button" className="button" onClick={() => source.searchMore()}>
          {strings.packets.searchMore}
        </button>
      </Nothing>
    );
  }
  if (filter === "") {
    return (
      <Nothing text={strings.packets.noneOfFlow}>
        <button type="button" className="button" onClick={onClearFlow}>
          {strings.packets.allFlows}
        </button>
      </Nothing>
    );
  }
  return (
    <Nothing text={strings.packets.noMatch(filter)}>
      <button type="button" className="button" onClick={onClearFilter}>
        {strings.packets.clearFilter}
      </button>
    </Nothing>
  );
}
