/** What a flow and its ends are called. */

import type { FlowListed } from "../generated/FlowListed";

/** An address with its port, as an address bar takes it: an IPv6 address in brackets (RFC 3986 section 3.2.2). */
export function endText(address: string, port: number | null): string {
  if (port === null) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

export type FlowEnds = Pick<FlowListed, "client" | "client_port" | "server" | "server_port">;

/** Both ends, the one that began first. */
export function flowName(flow: FlowEnds): string {
  return `${endText(flow.client, flow.client_port)} → ${endText(flow.server, flow.server_port)}`;
}
