/// <reference lib="webworker" />
/**
 * Owns the connection to the program: connects, checks and orders what comes in, and comes back after a loss.
 *
 * It runs in a worker so that a busy page never delays reading, and reading never delays the page.
 */

import type { Request } from "../generated/Request";
import type { Topic } from "../generated/Topic";
import { retryDelayMs } from "./backoff";
import { decodeMessage, STREAM_VERSION } from "./decode";
import { UpdateOrder } from "./order";
import type { FromWorker, ToWorker } from "./wire";

declare const self: DedicatedWorkerGlobalScope;

/** The number of the worker's own requests; the page counts from 1. */
const SUBSCRIBE_ID = 0;

/** After a gap the charts miss points, which only a new initial state brings; a slow viewer must not ask without end. */
const LEAST_BETWEEN_REFILLS_MS = 5_000;

let url = "";
let topics: Topic[] = [];
let socket: WebSocket | null = null;
let attempt = 0;
let retryTimer: ReturnType<typeof setTimeout> | undefined;
let refilled_at_ms = 0;
const order = new UpdateOrder();

self.onmessage = (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  switch (message.kind) {
    case "open":
      url = message.url;
      topics = message.topics;
      connect();
      break;
    case "send":
      send(message.request);
      break;
    case "retry":
      if (socket === null) connect();
      break;
  }
};

function post(message: FromWorker): void {
  self.postMessage(message);
}

function send(request: Request): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(request));
}

function connect(): void {
  clearTimeout(retryTimer);
  post({ kind: "connection", connection: { state: "connecting" } });
  order.clear();
  const opened = new WebSocket(url);
  socket = opened;
  opened.onmessage = (event: MessageEvent<unknown>) => {
    if (typeof event.data === "string") receive(event.data);
  };
  // An error is always followed by a close.
  opened.onclose = () => {
    if (socket === opened) lost();
  };
}

function lost(): void {
  socket = null;
  const delay_ms = retryDelayMs(attempt, Math.random());
  attempt += 1;
  retryTimer = setTimeout(connect, delay_ms);
  const now_ms = Date.now();
  post({
    kind: "connection",
    connection: { state: "closed", since_ms: now_ms, retry_at_ms: now_ms + delay_ms },
  });
}

function receive(frame: string): void {
  const decoded = decodeMessage(frame);
  if (decoded.kind === "malformed") post({ kind: "malformed", reason: decoded.reason });
  if (decoded.kind !== "message") return;
  const { message } = decoded;
  if (message.type === "hello") {
    greet(message.stream_version, message.version, message.commit);
    return;
  }
  if (!order.admit(message)) return;
  if (message.type === "gap") refill();
  if (message.type === "initial_state" && attempt > 0) attempt = 0;
  post({ kind: "message", message });
}

function greet(stream_version: number, version: string, commit: string | null): void {
  if (stream_version !== STREAM_VERSION) {
    const other = socket;
    socket = null;
    other?.close();
    post({ kind: "connection", connection: { state: "outdated" } });
    return;
  }
  post({ kind: "hello", version, commit });
  post({ kind: "connection", connection: { state: "open" } });
  send({ id: SUBSCRIBE_ID, command: "subscribe", topics });
}

function refill(): void {
  const now_ms = Date.now();
  if (now_ms - refilled_at_ms < LEAST_BETWEEN_REFILLS_MS) return;
  refilled_at_ms = now_ms;
  send({ id: SUBSCRIBE_ID, command: "subscribe", topics });
}
