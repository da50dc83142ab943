/** Ethernet frames, layer by layer, with the checksums that a network card would put in. */

import { addressBytes } from "./address";

export interface Endpoint {
  address: string;
  port: number;
}

/** What a TCP segment says beside its payload. */
export interface Segment {
  flags: number;
  seq: number;
  ack: number;
}

export const FIN = 0x01;
export const SYN = 0x02;
export const PSH = 0x08;
export const ACK = 0x10;

const TCP = 6;
const UDP = 17;
const ICMP = 1;
const IGMP = 2;
const ICMPV6 = 58;

/**
 * Stations that no interface of the rig has (locally administered, RFC 7042 section 2.1). A frame to another station is
 * captured but never answered, so that the kernel adds nothing of its own to the traffic of a test.
 */
const SENDER = Buffer.from([0x02, 0, 0, 0, 0x0a, 0x01]);
const RECEIVER = Buffer.from([0x02, 0, 0, 0, 0x0a, 0x02]);

export function udp(from: Endpoint, to: Endpoint, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(from.port, 0);
  header.writeUInt16BE(to.port, 2);
  header.writeUInt16BE(header.length + payload.length, 4);
  return ip(from.address, to.address, UDP, Buffer.concat([header, payload]), 6);
}

export function tcp(
  from: Endpoint,
  to: Endpoint,
  segment: Segment,
  payload: Uint8Array = new Uint8Array(),
): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(from.port, 0);
  header.writeUInt16BE(to.port, 2);
  header.writeUInt32BE(segment.seq >>> 0, 4);
  header.writeUInt32BE(segment.ack >>> 0, 8);
  header.writeUInt8((header.length / 4) << 4, 12);
  header.writeUInt8(segment.flags, 13);
  header.writeUInt16BE(64_240, 14);
  return ip(from.address, to.address, TCP, Buffer.concat([header, payload]), 16);
}

/** An echo request, or the reply to it (RFC 792, RFC 4443 section 4). */
export function echo(from: string, to: string, reply: boolean, sequence: number): Buffer {
  const v6 = from.includes(":");
  const message = Buffer.alloc(64, 0x61);
  const type = v6 ? (reply ? 129 : 128) : reply ? 0 : 8;
  message.writeUInt32BE((type << 24) >>> 0, 0);
  message.writeUInt16BE(0x5eed, 4);
  message.writeUInt16BE(sequence, 6);
  if (v6) return ip(from, to, ICMPV6, message, 2);
  message.writeUInt16BE(checksum(message), 2);
  return ip(from, to, ICMP, message, null);
}

/** A message about a multicast group (RFC 2236 section 2). */
export function igmp(from: string, to: string, type: number, group: string): Buffer {
  const message = Buffer.alloc(8);
  message.writeUInt8(type, 0);
  addressBytes(group).copy(message, 4);
  message.writeUInt16BE(checksum(message), 2);
  return ip(from, to, IGMP, message, null);
}

/** "Who has this address?", to everybody (RFC 826). */
export function whoHas(asked: string, from: string): Buffer {
  const question = Buffer.alloc(28);
  Buffer.from([0, 1, 8, 0, 6, 4, 0, 1]).copy(question);
  SENDER.copy(question, 8);
  addressBytes(from).copy(question, 14);
  addressBytes(asked).copy(question, 24);
  return Buffer.concat([Buffer.alloc(6, 0xff), SENDER, Buffer.from([8, 6]), question]);
}

/** `sumAt` is where the checksum over pseudo header and body stands in the body, if it has one. */
function ip(from: string, to: string, protocol: number, body: Buffer, sumAt: number | null): Buffer {
  const [source, destination] = [addressBytes(from), addressBytes(to)];
  if (sumAt !== null) {
    const pseudo = Buffer.alloc(8);
    pseudo.writeUInt32BE(body.length, 0);
    pseudo.writeUInt32BE(protocol, 4);
    const sum = checksum(Buffer.concat([source, destination, pseudo, body]));
    // UDP sends ones for a sum of zero, which would mean "none" (RFC 768).
    body.writeUInt16BE(sum === 0 && protocol === UDP ? 0xffff : sum, sumAt);
  }
  const v6 = source.length === 16;
  const header = v6
    ? ipv6Header(source, destination, protocol, body)
    : ipv4Header(source, destination, protocol, body);
  return Buffer.concat([RECEIVER, SENDER, Buffer.from(v6 ? [0x86, 0xdd] : [8, 0]), header, body]);
}

function ipv4Header(source: Buffer, destination: Buffer, protocol: number, body: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(header.length + body.length, 2);
  header.writeUInt8(64, 8);
  header.writeUInt8(protocol, 9);
  source.copy(header, 12);
  destination.copy(header, 16);
  header.writeUInt16BE(checksum(header), 10);
  return header;
}

function ipv6Header(source: Buffer, destination: Buffer, protocol: number, body: Buffer): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt8(0x60, 0);
  header.writeUInt16BE(body.length, 4);
  header.writeUInt8(protocol, 6);
  header.writeUInt8(64, 7);
  source.copy(header, 8);
  destination.copy(header, 24);
  return header;
}

/** The ones' complement of the ones' complement sum of 16-bit words (RFC 1071). */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let place = 0; place < bytes.length; place += 2) {
    sum += ((bytes[place] ?? 0) << 8) | (bytes[place + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
