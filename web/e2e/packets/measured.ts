/** Forty packets whose every delay, loss and share can be counted by hand. */

import type { Timed } from "./capture-file";
import { ACK, type Endpoint, echo, igmp, PSH, SYN, tcp, udp } from "./frames";
import { dns } from "./payloads";

/** Each segment of the client is acknowledged after so long, each of the server's after a tenth of it. */
export const ROUND_TRIP_S = 0.01;
const NEAR_S = ROUND_TRIP_S / 10;

/** From the last byte of the request to the first of its answer. */
export const RESPONSE_S = 0.05;

export const LOOK_UP_S = 0.025;

export const PING_S = 0.018;

/** Segments of the client with payload; one of them goes out twice. */
export const SEGMENTS = 10;
const SENT_AGAIN = 5;

/** When a segment that nobody acknowledged is sent again: far beyond a round trip. */
const TIMEOUT_S = 0.3;

export const CLIENT = "192.168.1.24";
export const SERVER = "203.0.113.20";
export const GROUP = "239.1.2.3";
const RESOLVER = "192.168.1.1";
const LEAVE_TO = "224.0.0.2";

const REPORT = 0x16;
const LEAVE = 0x17;

/** All of it, in order of time, within 4 s: the card's window of 5 s holds everything. */
export function measured(): Timed[] {
  return [...connection(), ...lookUps(), ...pings(), ...membership()].sort((a, b) => a.at_s - b.at_s);
}

/** 26 packets: a handshake, ten segments up with one copy, and an answer. */
function connection(): Timed[] {
  const client: Endpoint = { address: CLIENT, port: 50_000 };
  const server: Endpoint = { address: SERVER, port: 80 };
  const up = (at_s: number, flags: number, seq: number, ack: number, text = ""): Timed => ({
    at_s,
    frame: tcp(client, server, { flags, seq, ack }, Buffer.from(text)),
  });
  const down = (at_s: number, flags: number, seq: number, ack: number, text = ""): Timed => ({
    at_s,
    frame: tcp(server, client, { flags, seq, ack }, Buffer.from(text)),
  });
  const frames = [
    up(0, SYN, 1_000, 0),
    down(ROUND_TRIP_S, SYN | ACK, 9_000, 1_001),
    up(ROUND_TRIP_S + NEAR_S, ACK, 1_001, 9_001),
  ];
  let seq = 1_001;
  let at_s = 0.5;
  for (let segment = 0; segment < SEGMENTS; segment += 1) {
    const text = segment === 0 ? "PUT /log HTTP/1.1\r\nHost: www.example.com\r\n\r\n" : "x".repeat(100);
    frames.push(up(at_s, PSH | ACK, seq, 9_001, text));
    if (segment === SENT_AGAIN) {
      at_s += TIMEOUT_S;
      frames.push(up(at_s, PSH | ACK, seq, 9_001, text));
    }
    seq += text.length;
    frames.push(down(at_s + ROUND_TRIP_S, ACK, 9_001, seq));
    at_s += 0.2;
  }
  // The last segment went out 0.2 s before `at_s`.
  const answered_s = at_s - 0.2 + RESPONSE_S;
  const answer = "HTTP/1.1 204 No Content\r\n\r\n";
  frames.push(down(answered_s, PSH | ACK, 9_001, seq, answer));
  frames.push(up(answered_s + NEAR_S, ACK, seq, 9_001 + answer.length));
  return frames;
}

/** 4 packets. */
function lookUps(): Timed[] {
  const client = { address: CLIENT, port: 40_000 };
  const server = { address: RESOLVER, port: 53 };
  return [0, 1].flatMap((id) => [
    { at_s: id + 0.1, frame: udp(client, server, dns(id, "www.example.com")) },
    { at_s: id + 0.1 + LOOK_UP_S, frame: udp(server, client, dns(id, "www.example.com", SERVER)) },
  ]);
}

/** 8 packets, 2 of them over IPv6. */
function pings(): Timed[] {
  const v4 = [0, 1, 2].map((sequence) => [CLIENT, SERVER, sequence] as const);
  const v6 = ["2001:db8:1::24", "2001:db8:ff::20", 3] as const;
  return [...v4, v6].flatMap(([from, to, sequence]) => [
    { at_s: 0.3 + sequence, frame: echo(from, to, false, sequence) },
    { at_s: 0.3 + sequence + PING_S, frame: echo(to, from, true, sequence) },
  ]);
}

/** 2 packets: somebody joins a group, and leaves it. */
function membership(): Timed[] {
  return [
    { at_s: 0.7, frame: igmp(CLIENT, GROUP, REPORT, GROUP) },
    { at_s: 2.7, frame: igmp(CLIENT, LEAVE_TO, LEAVE, GROUP) },
  ];
}
