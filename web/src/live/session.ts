/** What React knows of the program: the connection, the status, and a copy of the slow numbers once a second. */

import { create } from "zustand";
import type { AppRule } from "../generated/AppRule";
import type { AppsTopic } from "../generated/AppsTopic";
import type { Calls } from "../generated/Calls";
import type { Findings } from "../generated/Findings";
import type { HostsTopic } from "../generated/HostsTopic";
import type { Message } from "../generated/Message";
import type { PlacesTopic } from "../generated/PlacesTopic";
import type { ProtocolsTopic } from "../generated/ProtocolsTopic";
import type { Status } from "../generated/Status";
import type { Summaries } from "../generated/Summaries";
import type { TotalsTopic } from "../generated/TotalsTopic";
import { bus } from "./bus";
import { model } from "./model";
import type { Connection } from "./wire";

/** React shows composition, hosts, talkers, applications and calls; more often than this nobody can read them. */
const COPY_EVERY_MS = 1_000;

export interface Session {
  connection: Connection;
  /** The program's version; `null` before it said hello. */
  version: string | null;
  /** `null` until the first initial state. */
  status: Status | null;
  totals: TotalsTopic | null;
  protocols: ProtocolsTopic | null;
  hosts: HostsTopic | null;
  apps: AppsTopic | null;
  /** The calls and the streams of RTP. */
  calls: Calls | null;
  /** Where hosts are, and who is asked. */
  places: PlacesTopic | null;
  /** What was found out. */
  findings: Findings | null;
  /** What was said in words, the newest of it, also while the view is paused. */
  summaries: Summaries | null;
  /** The user's rules in force, also while the view is paused. */
  rules: readonly AppRule[];
  /** When the last message came, by this machine's clock. */
  heard_at_ms: number | null;
  /** When the connection was lost; `null` while it is there. */
  lost_at_ms: number | null;
  /** The packets there were when the view was paused; `null` while it follows. */
  pausedAtPackets: number | null;
  /** Publications that the program left out because this page was too slow. */
  skipped: number;
  /** What the page could not read in the last message it turned away. */
  malformed: string | null;
}

export const useSession = create<Session>(() => ({
  connection: { state: "connecting" },
  version: null,
  status: null,
  totals: null,
  protocols: null,
  hosts: null,
  apps: null,
  calls: null,
  places: null,
  findings: null,
  summaries: null,
  rules: [],
  heard_at_ms: null,
  lost_at_ms: null,
  pausedAtPackets: null,
  skipped: 0,
  malformed: null,
}));

let copied_at_ms = Number.NEGATIVE_INFINITY;
let copyTimer: ReturnType<typeof setTimeout> | undefined;

/** Takes in a change of the connection. A loss begins at the first failure and lasts through all tries. */
export function connectionChanged(connection: Connection): void {
  useSession.setState((session) => ({
    connection,
    lost_at_ms: connection.state === "open" ? null : (session.lost_at_ms ?? Date.now()),
  }));
}

/** Takes in one message of the program, replies apart. */
export function receive(message: Exclude<Message, { type: "hello" } | { type: "reply" }>): void {
  switch (message.type) {
    case "initial_state":
      begin(message);
      break;
    case "update":
      bus.mark(model.take(message));
      if (message.topic === "apps") readRules();
      if (message.topic === "summaries") useSession.setState({ summaries: message.data });
      copySoon();
      break;
    case "status": {
      const { type: _, ...status } = message;
      useSession.setState({ status });
      break;
    }
    case "gap":
      useSession.setState((session) => ({ skipped: session.skipped + message.skipped }));
      break;
    case "error":
      useSession.setState({ malformed: message.message });
      break;
  }
}

function begin(state: Extract<Message, { type: "initial_state" }>): void {
  const another = useSession.getState().status?.session !== state.status.session;
  model.begin(state);
  readRules();
  // A pause belongs to the session it was made in.
  if (another) resume();
  useSession.setState((session) => ({
    status: state.status,
    summaries: model.latest.summaries,
    malformed: null,
    skipped: another ? 0 : session.skipped,
  }));
  if (useSession.getState().pausedAtPackets === null) {
    bus.markAll();
    copy();
  }
}

/** Rules are what somebody set, no measurement: a pause does not hold them. */
function readRules(): void {
  const rules = model.latest.apps?.rules ?? [];
  if (JSON.stringify(rules) !== JSON.stringify(useSession.getState().rules)) useSession.setState({ rules });
}

/** Stops the view, never the capture. */
export function pause(): void {
  if (useSession.getState().pausedAtPackets !== null) return;
  bus.hold(true);
  model.hold(true);
  useSession.setState({ pausedAtPackets: model.latest.totals?.traffic.packets ?? 0 });
}

export function resume(): void {
  if (useSession.getState().pausedAtPackets === null) return;
  useSession.setState({ pausedAtPackets: null });
  model.hold(false);
  bus.hold(false);
  copy();
}

function copySoon(): void {
  if (copyTimer !== undefined || useSession.getState().pausedAtPackets !== null) return;
  const wait_ms = Math.max(0, copied_at_ms + COPY_EVERY_MS - Date.now());
  copyTimer = setTimeout(copy, wait_ms);
}

function copy(): void {
  clearTimeout(copyTimer);
  copyTimer = undefined;
  if (useSession.getState().pausedAtPackets !== null) return;
  copied_at_ms = Date.now();
  const { totals, protocols, hosts, apps, calls, places, findings } = model.latest;
  useSession.setState({
    totals,
    protocols,
    hosts,
    apps,
    calls,
    places,
    findings,
    heard_at_ms: copied_at_ms,
  });
}
