/** The eight classes every packet falls into, and the colour each keeps wherever it is drawn. */

import type { ProtocolDistribution } from "../generated/ProtocolDistribution";

export type ProtocolClass = keyof ProtocolDistribution;

export const PROTOCOL_CLASSES = [
  "TCP",
  "UDP",
  "QUIC",
  "TLS",
  "DNS",
  "RTP",
  "IGMP",
  "Others",
] as const satisfies readonly ProtocolClass[];

const COLORS: Record<ProtocolClass, string> = {
  TCP: "var(--tcp)",
  UDP: "var(--udp)",
  QUIC: "var(--quic)",
  TLS: "var(--tls)",
  DNS: "var(--dns)",
  RTP: "var(--rtp)",
  IGMP: "var(--igmp)",
  Others: "var(--others)",
};

/** Protocols that belong to a class of another name. */
const FOLDED: Record<string, ProtocolClass> = {
  SRTP: "RTP",
  DTLS: "TLS",
  "HTTP/3": "QUIC",
};

export function classColor(name: ProtocolClass): string {
  return COLORS[name];
}

/** The class of a protocol by the name in a packet's row, versions such as `TLS 1.3` included. */
export function protocolClass(protocol: string): ProtocolClass {
  const folded = FOLDED[protocol];
  if (folded !== undefined) return folded;
  return PROTOCOL_CLASSES.find((name) => protocol === name || protocol.startsWith(`${name} `)) ?? "Others";
}
