/** A call whose line gets worse: SIP with SDP (RFC 3261, RFC 8866) and PCMA both ways (RFC 3550, RFC 3551). */

import type { Timed } from "./capture-file";
import { type Endpoint, udp } from "./frames";

export const CALLER: Endpoint = { address: "192.168.1.30", port: 5060 };
export const CALLEE: Endpoint = { address: "203.0.113.50", port: 5060 };
export const FROM = "anna@example.net";
export const TO = "ben@example.net";
const CALLER_SOUND: Endpoint = { address: CALLER.address, port: 40_000 };
const CALLEE_SOUND: Endpoint = { address: CALLEE.address, port: 50_000 };

/** When what happens, in seconds. */
export const RINGS_AT_S = 0.2;
const ANSWERED_AT_S = 1;
const SOUND_AT_S = 1.1;
const HANGS_UP_AT_S = 22;

/** 20 ms of sound each, 8,000 samples a second. */
const PACKET_S = 0.02;
const SAMPLES = 160;
/** 20 s of it. */
const PACKETS = 1_000;
/** From here on every tenth packet to the caller is lost: 50 of 500, and of all 5 %. */
const BAD_FROM = 500;
const LOST_EVERY = 10;
export const LOST = (PACKETS - BAD_FROM) / LOST_EVERY;

const PCMA = 8;

/** How long a frame of it is: Ethernet, IPv4, UDP and RTP before the samples. */
export const SOUND_LENGTH = 14 + 20 + 8 + 12 + SAMPLES;

/** All packets of the call, in their order. In its bad half every `lostEvery`th packet to the caller is lost. */
export function call(lostEvery = LOST_EVERY): Timed[] {
  const sound = Array.from({ length: PACKETS }, (_, number) => number).flatMap((number): Timed[] => {
    const at_s = SOUND_AT_S + number * PACKET_S;
    const there = { at_s, frame: udp(CALLER_SOUND, CALLEE_SOUND, rtp(0x1111_1111, number)) };
    const back = { at_s: at_s + 0.005, frame: udp(CALLEE_SOUND, CALLER_SOUND, rtp(0x2222_2222, number)) };
    const isLost = number >= BAD_FROM && number % lostEvery === Math.floor(lostEvery / 2);
    return isLost ? [there] : [there, back];
  });
  return [...signalling(), ...sound].sort((one, other) => one.at_s - other.at_s);
}

function rtp(source: number, number: number): Buffer {
  const packet = Buffer.alloc(12 + SAMPLES, 0xd5);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(number === 0 ? PCMA | 0x80 : PCMA, 1);
  packet.writeUInt16BE(number, 2);
  packet.writeUInt32BE(number * SAMPLES, 4);
  packet.writeUInt32BE(source, 8);
  return packet;
}

function signalling(): Timed[] {
  const out = (at_s: number, text: string) => ({ at_s, frame: udp(CALLER, CALLEE, Buffer.from(text)) });
  const back = (at_s: number, text: string) => ({ at_s, frame: udp(CALLEE, CALLER, Buffer.from(text)) });
  return [
    out(0, message(`INVITE sip:${TO} SIP/2.0`, "1 INVITE", false, sdp(CALLER_SOUND))),
    back(0.05, message("SIP/2.0 100 Trying", "1 INVITE", false)),
    back(RINGS_AT_S, message("SIP/2.0 180 Ringing", "1 INVITE", true)),
    back(ANSWERED_AT_S, message("SIP/2.0 200 OK", "1 INVITE", true, sdp(CALLEE_SOUND))),
    out(ANSWERED_AT_S + 0.02, message(`ACK sip:${TO} SIP/2.0`, "1 ACK", true)),
    out(HANGS_UP_AT_S, message(`BYE sip:${TO} SIP/2.0`, "2 BYE", true)),
    back(HANGS_UP_AT_S + 0.03, message("SIP/2.0 200 OK", "2 BYE", true)),
  ];
}

/** The callee puts its tag into everything after `100 Trying`. */
function message(first: string, sequence: string, tagged: boolean, body = ""): string {
  const lines = [
    first,
    `Via: SIP/2.0/UDP ${CALLER.address}:${CALLER.port};branch=z9hG4bK${sequence.replace(" ", "")}`,
    `From: <sip:${FROM}>;tag=a1`,
    `To: <sip:${TO}>${tagged ? ";tag=b2" : ""}`,
    "Call-ID: 7f3a91c0@example.net",
    `CSeq: ${sequence}`,
    "Max-Forwards: 70",
    ...(body === "" ? [] : ["Content-Type: application/sdp"]),
    `Content-Length: ${body.length}`,
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

function sdp({ address, port }: Endpoint): string {
  const lines = [
    "v=0",
    `o=- 1 1 IN IP4 ${address}`,
    "s=-",
    `c=IN IP4 ${address}`,
    "t=0 0",
    `m=audio ${port} RTP/AVP ${PCMA}`,
    `a=rtpmap:${PCMA} PCMA/8000`,
  ];
  return `${lines.join("\r\n")}\r\n`;
}
