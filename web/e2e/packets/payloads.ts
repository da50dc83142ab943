/** The payloads that protocols are recognised by, and random bytes where they would be encrypted. */

import type { Chance } from "./chance";

/** A question for the IPv4 address of `name`, or its answer (RFC 1035 section 4). */
export function dns(id: number, name: string, answer?: string): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(answer === undefined ? 0x0100 : 0x8180, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answer === undefined ? 0 : 1, 6);
  const labels = name.split(".").flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  const question = Buffer.concat([...labels, Buffer.from([0, 0, 1, 0, 1])]);
  if (answer === undefined) return Buffer.concat([header, question]);
  // A pointer to the name at byte 12, type A, class IN, a minute to live, four bytes.
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...answer.split(".").map(Number)]);
  return Buffer.concat([header, question, record]);
}

const HANDSHAKE = 22;
const APPLICATION_DATA = 23;

/** A client hello with the server's name (RFC 8446 section 4.1.2, RFC 6066 section 3). */
export function clientHello(name: string, chance: Chance): Buffer {
  const host = Buffer.from(name);
  const serverName = Buffer.concat([
    u16(0),
    u16(host.length + 5),
    u16(host.length + 3),
    u8(0),
    u16(host.length),
    host,
  ]);
  const versions = Buffer.concat([u16(43), u16(3), u8(2), u16(0x0304)]);
  const extensions = Buffer.concat([serverName, versions]);
  const body = Buffer.concat([
    u16(0x0303),
    chance.bytes(32),
    u8(32),
    chance.bytes(32),
    u16(4),
    u16(0x1301),
    u16(0x1302),
    Buffer.from([1, 0]),
    u16(extensions.length),
    extensions,
  ]);
  return record(HANDSHAKE, Buffer.concat([u8(1), u8(0), u16(body.length), body]));
}

/** A server hello that chooses TLS 1.3 (RFC 8446 section 4.1.3). */
export function serverHello(chance: Chance): Buffer {
  const versions = Buffer.concat([u16(43), u16(2), u16(0x0304)]);
  const body = Buffer.concat([
    u16(0x0303),
    chance.bytes(32),
    u8(32),
    chance.bytes(32),
    u16(0x1301),
    u8(0),
    u16(versions.length),
    versions,
  ]);
  return record(HANDSHAKE, Buffer.concat([u8(2), u8(0), u16(body.length), body]));
}

/** A record of encrypted data that makes a payload of `length` bytes. */
export function applicationData(length: number, chance: Chance): Buffer {
  return record(APPLICATION_DATA, chance.bytes(length - 5));
}

/** The first datagram of a QUIC version 1 client, padded as it must be (RFC 9000 sections 14.1 and 17.2.2). */
export function quicInitial(connection: Buffer, chance: Chance): Buffer {
  const head = Buffer.concat([
    u8(0xc3),
    Buffer.from([0, 0, 0, 1]),
    u8(connection.length),
    connection,
    u8(0),
    u8(0),
  ]);
  const rest = 1200 - head.length - 2;
  // A length of two bytes carries the bits 01 in front (RFC 9000 section 16).
  return Buffer.concat([head, u16(0x4000 | rest), chance.bytes(rest)]);
}

/** A datagram with a short header, as all later ones (RFC 9000 section 17.3). */
export function quicData(connection: Buffer, length: number, chance: Chance): Buffer {
  return Buffer.concat([u8(0x43), connection, chance.bytes(length - 1 - connection.length)]);
}

/** A packet of a voice call: G.711, 20 ms (RFC 3550 section 5.1, RFC 3551). */
export function voice(sequence: number, source: number, chance: Chance): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(0x8000, 0);
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE((sequence * 160) >>> 0, 4);
  header.writeUInt32BE(source, 8);
  return Buffer.concat([header, chance.bytes(160)]);
}

/** A question for the time (RFC 5905 section 7.3). */
export function timeRequest(): Buffer {
  const request = Buffer.alloc(48);
  request.writeUInt8(0x23, 0);
  return request;
}

function record(type: number, content: Buffer): Buffer {
  return Buffer.concat([u8(type), u16(0x0303), u16(content.length), content]);
}

function u8(value: number): Buffer {
  return Buffer.from([value]);
}

function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}
