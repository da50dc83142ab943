/** What the page and its worker say to each other. */

import type { Message } from "../generated/Message";
import type { Request } from "../generated/Request";
import type { Topic } from "../generated/Topic";

/** `Omit` over each member of a union instead of over what they have in common. */
type Without<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;

/** A request without its number, which the page's side gives. */
export type Command = Without<Request, "id">;

export type ToWorker =
  | { kind: "open"; url: string; topics: Topic[] }
  | { kind: "send"; request: Request }
  /** Try again at once instead of at the end of the wait. */
  | { kind: "retry" };

export type FromWorker =
  | { kind: "connection"; connection: Connection }
  | { kind: "message"; message: Exclude<Message, { type: "hello" }> }
  | { kind: "hello"; version: string; commit: string | null }
  /** Something arrived that the page cannot read. */
  | { kind: "malformed"; reason: string };

export type Connection =
  | { state: "connecting" }
  | { state: "open" }
  | { state: "closed"; since_ms: number; retry_at_ms: number }
  /** The program speaks another version of the stream: only a reload helps. */
  | { state: "outdated" };
