/** The page's side of the connection: starts the worker, hands messages on, and matches replies to requests. */

import type { AppRule } from "../generated/AppRule";
import type { FlowDetail } from "../generated/FlowDetail";
import type { FlowQuery } from "../generated/FlowQuery";
import type { FlowWindow } from "../generated/FlowWindow";
import type { HostDetail } from "../generated/HostDetail";
import type { HostQuery } from "../generated/HostQuery";
import type { HostWindow } from "../generated/HostWindow";
import type { InterfaceRow } from "../generated/InterfaceRow";
import type { PacketRow } from "../generated/PacketRow";
import type { PacketWindow } from "../generated/PacketWindow";
import type { RefusalCode } from "../generated/RefusalCode";
import type { Reply } from "../generated/Reply";
import type { ReplyData } from "../generated/ReplyData";
import type { SourceChoice } from "../generated/SourceChoice";
import type { StreamCourse } from "../generated/StreamCourse";
import { strings } from "../lib/strings";
import { connectionChanged, receive, useSession } from "./session";
import type { Command, FromWorker, ToWorker } from "./wire";

/** The program refused a request, or could not be asked; the message is a sentence for the person in front. */
export class Refused extends Error {
  constructor(
    reason: string,
    /** What kind of refusal it is; `null` where the program was not reached. */
    readonly code: RefusalCode | null = null,
  ) {
    super(reason);
  }
}

interface Waiting {
  done: (data: ReplyData | null) => void;
  refuse: (reason: Refused) => void;
}

let worker: Worker | null = null;
let lastId = 0;
const waiting = new Map<number, Waiting>();

/** Connects; to be called once. */
export function connect(): void {
  worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = (event: MessageEvent<FromWorker>) => hear(event.data);
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  tell({
    kind: "open",
    url: `${scheme}//${location.host}/api/v1/stream`,
    topics: ["totals", "protocols", "hosts", "packets", "apps", "calls", "places", "findings", "summaries"],
  });
}

/** Tries to connect at once instead of at the end of the wait. */
export function retryNow(): void {
  tell({ kind: "retry" });
}

export async function interfaces(): Promise<InterfaceRow[]> {
  const data = await ask({ command: "get_interfaces" });
  return data !== null && "interfaces" in data ? data.interfaces : [];
}

export async function startCapture(source: SourceChoice, filter: string): Promise<void> {
  const wanted = filter.trim();
  await ask({ command: "start_capture", source, filter: wanted === "" ? null : wanted, duration_s: null });
}

export async function stopCapture(): Promise<void> {
  await ask({ command: "stop_capture" });
}

export async function reset(): Promise<void> {
  await ask({ command: "reset" });
}

export async function packet(number: number): Promise<{ row: PacketRow; bytes: string }> {
  const data = await ask({ command: "get_packet", number });
  if (data === null || !("packet" in data)) throw new Refused(strings.errors.noAnswer);
  return data.packet;
}

export interface PacketQuery {
  /** The number to start at, upwards; `null` for the newest rows. */
  from: number | null;
  /** The most rows wanted, at most 200. */
  limit: number;
  /** Only rows that contain this text; `null` for every row. */
  text: string | null;
  /** Only packets of this flow; absent for those of all. */
  flow?: number;
}

export async function findPackets(query: PacketQuery): Promise<PacketWindow> {
  const data = await ask({ command: "find_packets", flow: null, ...query });
  if (data === null || !("packets" in data)) throw new Refused(strings.errors.noAnswer);
  return data.packets;
}

export async function findFlows(query: FlowQuery): Promise<FlowWindow> {
  const data = await ask({ command: "find_flows", ...query });
  if (data === null || !("flows" in data)) throw new Refused(strings.errors.noAnswer);
  return data.flows;
}

/** Everything about one flow, by its id in the list. */
export async function flowDetail(flow: number): Promise<FlowDetail> {
  const data = await ask({ command: "get_flow", flow });
  if (data === null || !("flow" in data)) throw new Refused(strings.errors.noAnswer);
  return data.flow;
}

export async function findHosts(query: HostQuery): Promise<HostWindow> {
  const data = await ask({ command: "find_hosts", ...query });
  if (data === null || !("hosts" in data)) throw new Refused(strings.errors.noAnswer);
  return data.hosts;
}

/** Everything about one host, by its address. */
export async function hostDetail(address: string): Promise<HostDetail> {
  const data = await ask({ command: "get_host", address });
  if (data === null || !("host" in data)) throw new Refused(strings.errors.noAnswer);
  return data.host;
}

/** A stream of RTP over its time, by its id. */
export async function streamCourse(stream: number): Promise<StreamCourse> {
  const data = await ask({ command: "get_stream", stream });
  if (data === null || !("stream" in data)) throw new Refused(strings.errors.noAnswer);
  return data.stream;
}

/** Puts `rules` in the place of all there are; everything listed is labelled again. */
export async function setRules(rules: readonly AppRule[]): Promise<void> {
  await ask({ command: "set_rules", rules: [...rules] });
}

/** Lets the language model that is configured word summaries and reports, or not. */
export async function allowAssistant(allowed: boolean): Promise<void> {
  await ask({ command: "allow_assistant", allowed });
}

/** Lets others be asked about addresses over the network, or not; what is `null` stays as it is. */
export async function setLookups(lookups: {
  reverse_dns: boolean | null;
  ip_api: boolean | null;
}): Promise<void> {
  await ask({ command: "set_lookups", ...lookups });
}

function ask(command: Command): Promise<ReplyData | null> {
  if (useSession.getState().connection.state !== "open") {
    return Promise.reject(new Refused(strings.errors.notConnected));
  }
  lastId += 1;
  const id = lastId;
  tell({ kind: "send", request: { id, ...command } });
  return new Promise((done, refuse) => waiting.set(id, { done, refuse }));
}

function tell(message: ToWorker): void {
  worker?.postMessage(message);
}

function hear(message: FromWorker): void {
  switch (message.kind) {
    case "connection":
      connectionChanged(message.connection);
      if (message.connection.state !== "open") refuseAll();
      break;
    case "hello":
      useSession.setState({ version: message.version });
      break;
    case "malformed":
      useSession.setState({ malformed: message.reason });
      break;
    case "message":
      if (message.message.type === "reply") settle(message.message);
      else receive(message.message);
      break;
  }
}

function settle(reply: Reply): void {
  const request = waiting.get(reply.id);
  waiting.delete(reply.id);
  if (reply.ok) request?.done(reply.data);
  else request?.refuse(new Refused(reply.error ?? strings.errors.noReason, reply.code));
}

/** What was asked over a connection that is gone will not be answered. */
function refuseAll(): void {
  for (const request of waiting.values()) request.refuse(new Refused(strings.errors.connectionLost));
  waiting.clear();
}

/** The sentence to show for whatever a request failed with. */
export function reasonOf(error: unknown): string {
  return error instanceof Error && error.message !== "" ? error.message : strings.errors.noReason;
}
