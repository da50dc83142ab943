/** Single protocols: how much of each there is, and what only it has; and the calls. */

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useRef } from "react";
import { Split } from "../../components/Split";
import { useSize } from "../../components/size";
import type { ProtocolsTopic } from "../../generated/ProtocolsTopic";
import type { TotalsTopic } from "../../generated/TotalsTopic";
import { mediaStrings } from "../../lib/media-strings";
import { strings } from "../../lib/strings";
import { useAnotherSession } from "../../live/another-session";
import { useSession } from "../../live/session";
import { useTitle } from "../../live/title";
import { useEscape } from "../parts/use-escape";
import { useOver } from "../parts/use-over";
import { Waiting } from "../parts/Waiting";
import { type Change, type ProtocolSearch, protocolSearch } from "./chosen";
import { callRowId } from "./media/CallRow";
import { CallSheet } from "./media/CallSheet";
import { streamRowId } from "./media/StreamRow";
import { StreamSheet } from "./media/StreamSheet";
import { Numbers } from "./Numbers";

/** From here on there is room for page and sheet beside each other. */
const BESIDE_PX = 860;

export function Protocols() {
  const known = useSession((session) => session.status !== null);
  const over = useOver();
  const totals = useSession((session) => session.totals);
  const protocols = useSession((session) => session.protocols);
  useTitle(strings.pages.protocols);
  const seen = totals !== null && protocols !== null && totals.traffic.packets > 0;
  return (
    <>
      <h1 className="sr-only">{strings.pages.protocols}</h1>
      {!known && <Skeleton />}
      {known && !seen && <Waiting />}
      {known && seen && <Page totals={totals} protocols={protocols} over={over} />}
    </>
  );
}

interface Props {
  totals: TotalsTopic;
  protocols: ProtocolsTopic;
  /** Whether nothing more will come. */
  over: boolean;
}

/** The page, and beside it the stream or the call that was chosen. */
function Page(props: Props) {
  const search = useSearch({ from: "/protocols", select: readSearch, structuralSharing: true });
  const navigate = useNavigate();
  const change: Change = useCallback(
    (search, how = "push") =>
      void navigate({ to: "/protocols", search: protocolSearch({ ...search }), replace: how === "replace" }),
    [navigate],
  );
  const calls = useSession((session) => session.calls);
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const { stream = null, call = null } = search;
  const rest = useMemo(() => withoutSheet(search), [search]);
  const close = useClose(search, rest, change);
  const isOpen = stream !== null || call !== null;
  useEscape(isOpen ? close : null);
  useAnotherSession(useCallback(() => change(rest, "replace"), [change, rest]));
  const beside = width === 0 || width >= BESIDE_PX;
  const sheet =
    stream !== null ? (
      <StreamSheet id={stream} topic={calls} onClose={close} />
    ) : call !== null ? (
      <CallSheet id={call} topic={calls} onClose={close} />
    ) : null;
  return (
    <div ref={frame} className="relative h-full min-h-80">
      <Split
        name="pane.media"
        label={mediaStrings.stream.width}
        initial={0.4}
        first={
          <div
            data-page=""
            className={`-m-3 min-h-0 min-w-0 overflow-auto p-3 ${isOpen && beside ? "mr-0! pr-0!" : ""}`}
          >
            <Numbers {...props} calls={calls} search={search} change={change} />
          </div>
        }
        second={beside ? sheet : null}
        className={`h-full ${!beside && isOpen ? "invisible" : ""}`}
      />
      {/* Without room for both the sheet lies over the page, which keeps its place. */}
      {!beside && sheet !== null && <div className="absolute inset-0 grid">{sheet}</div>}
    </div>
  );
}

function withoutSheet({ stream: _, call: __, ...rest }: ProtocolSearch): ProtocolSearch {
  return rest;
}

/** Closes the sheet; the focus goes back to the row that opened it. */
function useClose({ stream, call }: ProtocolSearch, rest: ProtocolSearch, change: Change): () => void {
  return useCallback(() => {
    change(rest);
    const row = stream !== undefined ? streamRowId(stream) : callRowId(call ?? 0);
    // Behind a sheet that fills the page nothing can have the focus until it is gone.
    requestAnimationFrame(() => document.getElementById(row)?.focus({ preventScroll: true }));
  }, [stream, call, rest, change]);
}

/** The router hands on what the address holds, also what was left out at its door. */
function readSearch(search: ProtocolSearch): ProtocolSearch {
  return protocolSearch({ ...search });
}

function Skeleton() {
  return (
    <div className="grid grid-cols-12 gap-3" aria-hidden="true">
      <div className="skeleton col-span-12 h-7 max-w-xl" />
      <div className="skeleton col-span-12 h-60 xl:col-span-4" />
      <div className="skeleton col-span-12 h-60 xl:col-span-8" />
      <div className="skeleton col-span-12 h-60" />
    </div>
  );
}
