/** Conversations as a network carries them: who said what, and when. */

import type { Timed } from "./capture-file";
import type { Chance } from "./chance";
import { ACK, type Endpoint, echo, FIN, PSH, SYN, tcp, udp } from "./frames";
import {
  applicationData,
  clientHello,
  dns,
  quicData,
  quicInitial,
  serverHello,
  timeRequest,
  voice,
} from "./payloads";

/** Who talks to whom, from when. */
export interface Talk {
  client: Endpoint;
  server: Endpoint;
  from_s: number;
}

/** A transfer: which way, how much, and how long it takes. */
export interface Transfer extends Talk {
  name: string;
  way: "up" | "down";
  bytes: number;
  lasts_s: number;
}

/** The largest payload of a segment or datagram here; it fits any link. */
const LARGEST = 1_380;

const QUIC_DATAGRAM = 1_250;

/** A round trip of these networks. */
const ROUND_TRIP_S = 0.018;

/** How long a sender waits for an acknowledgement before it sends again. */
const TIMEOUT_S = 0.25;

/** From one segment of a burst to the next. */
const SEGMENT_S = 0.0004;

export function lookUp({ client, server, from_s }: Talk, id: number, name: string, answer: string): Timed[] {
  return [
    { at_s: from_s, frame: udp(client, server, dns(id, name)) },
    { at_s: from_s + ROUND_TRIP_S / 2, frame: udp(server, client, dns(id, name, answer)) },
  ];
}

/** A TLS connection from its first segment to its last. */
export function tlsTransfer(transfer: Transfer, chance: Chance): Timed[] {
  const line = new TcpLine(transfer, chance);
  line.open();
  line.up(clientHello(transfer.name, chance));
  line.down(serverHello(chance));
  line.down(applicationData(1_200, chance));
  line.up(applicationData(420, chance));
  line.spread(transfer, () => applicationData(LARGEST, chance));
  return line.close();
}

/** A page over clear text, for contrast. */
export function webTransfer(transfer: Transfer, chance: Chance): Timed[] {
  const line = new TcpLine(transfer, chance);
  line.open();
  line.up(Buffer.from(`GET /reports/week.csv HTTP/1.1\r\nHost: ${transfer.name}\r\n\r\n`));
  line.down(Buffer.from("HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\n"));
  line.spread(transfer, () => Buffer.alloc(LARGEST, "week;packets;bytes\n"));
  return line.close();
}

/** What Wireshark finds in `lossyTransfer`: each by its name in METRICS.md. */
export const LOSSES = { retransmission: 4, fast_retransmission: 1, duplicate_ack: 3 } as const;

/** A download of which segments get lost behind us: we see both copies. */
export function lossyTransfer(talk: Talk, chance: Chance): Timed[] {
  const line = new TcpLine(talk, chance);
  const segment = () => Buffer.alloc(LARGEST, "week;packets;bytes\n");
  line.open();
  line.up(Buffer.from("GET /reports/week.csv HTTP/1.1\r\nHost: files.example.net\r\n\r\n"));
  line.down(Buffer.from("HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\n"));
  line.acknowledge();
  for (let timeouts = 0; timeouts < LOSSES.retransmission; timeouts += 1) {
    line.down(segment());
    line.acknowledge();
    line.downTwice(segment(), [], TIMEOUT_S);
    line.acknowledge();
  }
  // Three that follow arrive, and each says again what is missing.
  line.downTwice(segment(), [segment(), segment(), segment()], ROUND_TRIP_S / 2);
  line.acknowledge();
  return line.close();
}

/** One TCP connection under way: its clock and both sequence numbers. */
class TcpLine {
  private readonly frames: Timed[] = [];
  private at_s: number;
  private clientSeq: number;
  private serverSeq: number;

  constructor(
    private readonly talk: Talk,
    private readonly chance: Chance,
  ) {
    this.at_s = talk.from_s;
    this.clientSeq = chance.between(1, 2 ** 31);
    this.serverSeq = chance.between(1, 2 ** 31);
  }

  open(): void {
    this.fromClient(SYN, Buffer.alloc(0));
    this.clientSeq += 1;
    this.at_s += ROUND_TRIP_S;
    this.fromServer(SYN | ACK, Buffer.alloc(0));
    this.serverSeq += 1;
    this.fromClient(ACK, Buffer.alloc(0));
  }

  up(payload: Buffer): void {
    this.fromClient(PSH | ACK, payload);
    this.clientSeq += payload.length;
    this.at_s += SEGMENT_S;
  }

  down(payload: Buffer): void {
    this.fromServer(PSH | ACK, payload);
    this.serverSeq += payload.length;
    this.at_s += SEGMENT_S;
  }

  /** The client acknowledges everything so far. */
  acknowledge(): void {
    this.fromClient(ACK, Buffer.alloc(0));
    this.at_s += SEGMENT_S;
  }

  /** A segment, those that follow it with a duplicate acknowledgement for each, and after `wait_s` the segment again. */
  downTwice(payload: Buffer, following: readonly Buffer[], wait_s: number): void {
    const { serverSeq: lost } = this;
    this.down(payload);
    for (const next of following) this.down(next);
    const { serverSeq: sent } = this;
    this.serverSeq = lost;
    for (const _ of following) this.acknowledge();
    this.at_s += wait_s;
    this.fromServer(PSH | ACK, payload);
    this.serverSeq = sent;
    this.at_s += ROUND_TRIP_S;
  }

  /** Sends the bytes of a transfer in the time it takes; every second segment is acknowledged. */
  spread({ way, bytes, lasts_s }: Transfer, payload: () => Buffer): void {
    const segments = Math.ceil(bytes / LARGEST);
    const from_s = this.at_s;
    for (let segment = 0; segment < segments; segment += 1) {
      const even_s = from_s + (segment / segments) * lasts_s;
      this.at_s = Math.max(this.at_s, even_s + this.chance.next() * 0.004);
      if (way === "up") this.up(payload());
      else this.down(payload());
      if (segment % 2 === 0) continue;
      if (way === "up") this.fromServer(ACK, Buffer.alloc(0));
      else this.fromClient(ACK, Buffer.alloc(0));
    }
  }

  close(): Timed[] {
    this.at_s += ROUND_TRIP_S;
    this.fromClient(FIN | ACK, Buffer.alloc(0));
    this.clientSeq += 1;
    this.at_s += ROUND_TRIP_S;
    this.fromServer(FIN | ACK, Buffer.alloc(0));
    this.serverSeq += 1;
    this.fromClient(ACK, Buffer.alloc(0));
    return this.frames;
  }

  private fromClient(flags: number, payload: Buffer): void {
    const ack = (flags & ACK) === 0 ? 0 : this.serverSeq;
    const { client, server } = this.talk;
    this.frames.push({
      at_s: this.at_s,
      frame: tcp(client, server, { flags, seq: this.clientSeq, ack }, payload),
    });
  }

  private fromServer(flags: number, payload: Buffer): void {
    const { client, server } = this.talk;
    const segment = { flags, seq: this.serverSeq, ack: this.clientSeq };
    this.frames.push({ at_s: this.at_s, frame: tcp(server, client, segment, payload) });
  }
}

export function quicTransfer(transfer: Transfer, chance: Chance): Timed[] {
  const { client, server, from_s, lasts_s } = transfer;
  const [clientId, serverId] = [chance.bytes(8), chance.bytes(8)];
  const frames: Timed[] = [
    { at_s: from_s, frame: udp(client, server, quicInitial(serverId, chance)) },
    { at_s: from_s + ROUND_TRIP_S, frame: udp(server, client, quicInitial(clientId, chance)) },
  ];
  const up = (at_s: number, length: number) =>
    frames.push({ at_s, frame: udp(client, server, quicData(serverId, length, chance)) });
  const down = (at_s: number, length: number) =>
    frames.push({ at_s, frame: udp(server, client, quicData(clientId, length, chance)) });
  const [send, answer] = transfer.way === "up" ? [up, down] : [down, up];
  const datagrams = Math.ceil(transfer.bytes / QUIC_DATAGRAM);
  for (let datagram = 0; datagram < datagrams; datagram += 1) {
    const at_s = from_s + 2 * ROUND_TRIP_S + (datagram / datagrams) * lasts_s;
    send(at_s, QUIC_DATAGRAM);
    if (datagram % 4 === 3) answer(at_s + 0.001, chance.between(35, 60));
  }
  return frames;
}

/** Voice both ways, a packet every 20 ms. */
export function call({ client, server, from_s }: Talk, lasts_s: number, chance: Chance): Timed[] {
  return Array.from({ length: Math.floor(lasts_s * 50) }, (_, number) => [
    { at_s: from_s + number * 0.02, frame: udp(client, server, voice(number, 0x1111, chance)) },
    { at_s: from_s + number * 0.02 + 0.009, frame: udp(server, client, voice(number, 0x2222, chance)) },
  ]).flat();
}

export function pings(from: string, to: string, from_s: number, count: number): Timed[] {
  return Array.from({ length: count }, (_, number) => [
    { at_s: from_s + number, frame: echo(from, to, false, number) },
    { at_s: from_s + number + ROUND_TRIP_S, frame: echo(to, from, true, number) },
  ]).flat();
}

export function askTime({ client, server, from_s }: Talk): Timed[] {
  return [{ at_s: from_s, frame: udp(client, server, timeRequest()) }];
}
