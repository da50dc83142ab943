/** What a flow and its ends are called. */

import type { FlowListed } from "../generated/FlowListed";

/** An address with its port, as an address bar takes it: an IPv6 address in brackets (RFC 3986 section 3.2.2). */
export function endText(address: string, port: number | null): string {
  if (port === null) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

const IPV4 = /^\d+(\.\d+){3}$/;
const MAC = /^[\da-f]{2}(:[\da-f]{2}){5}$/i;

/** The filter that finds the flows of two addresses; `null` where one is no IP address, as those of ARP. */
export function flowsBetween(source: string, destination: string): string | null {
  const isIp = (address: string) => IPV4.test(address) || (address.includes(":") && !MAC.test(address));
  return isIp(source) && isIp(destination) ? `${source} ${destination}` : null;
}

export type FlowEnds = Pick<FlowListed, "client" | "client_port" | "server" | "server_port">;

/** Both ends, the one that began first. */
export function flowName(flow: FlowEnds): string {
  return `${endText(flow.client, flow.client_port)} → ${endText(flow.server, flow.server_port)}`;
}
