/** A steady load on the wire: as many packets a second as the budgets speak of, in many conversations. */

import type { Timed } from "../packets/capture-file";
import { Chance } from "../packets/chance";
import { ACK, type Endpoint, PSH, tcp, udp } from "../packets/frames";
import { LOCAL_IPV4, LOCAL_IPV6 } from "../packets/office";
import { applicationData, dns, quicData } from "../packets/payloads";
import type { Wire } from "../rig/wire";

export const PACKETS_PER_S = 2_000;

/** Every how many packets the time of sending is wanted. */
const MARK_EVERY = 100;

const CONVERSATIONS = 60;

/** A packet, counted from 1 as the program does, and when it was sent, in milliseconds since 1970. */
export interface Mark {
  number: number;
  sent_ms: number;
}

export class Load {
  readonly marks: Mark[] = [];
  private sent = 0;
  private stopped = false;
  private readonly done: Promise<void>;

  /** Starts at once; the program must be capturing already, so that its numbers begin with the first packet. */
  constructor(private readonly wire: Wire) {
    this.done = this.keepUp();
  }

  /** Ends the load; answers how many packets it was. */
  async stop(): Promise<number> {
    this.stopped = true;
    await this.done;
    return this.sent;
  }

  /** The second after the one that is going out waits at the sender already: there is no gap between them. */
  private async keepUp(): Promise<void> {
    const second = oneSecond();
    const start_ms = Date.now();
    let ahead: Promise<void> = Promise.resolve();
    for (let index = 0; !this.stopped; index += 1) {
      const sending = this.send(second, start_ms + index * 1_000);
      await ahead;
      ahead = sending;
    }
    await ahead;
  }

  private async send(second: readonly Timed[], start_ms: number): Promise<void> {
    const first = this.sent;
    this.sent += second.length;
    const sent_ms = await this.wire.send(second, start_ms, (index) => index % MARK_EVERY === MARK_EVERY - 1);
    for (const [place, at_ms] of sent_ms.entries()) {
      this.marks.push({ number: first + (place + 1) * MARK_EVERY, sent_ms: at_ms });
    }
  }
}

function oneSecond(): Timed[] {
  const chance = new Chance(7);
  return Array.from({ length: PACKETS_PER_S }, (_, index) => ({
    at_s: index / PACKETS_PER_S,
    frame: packet(index, chance),
  }));
}

/** Mostly large packets towards here, as a download makes them, over both IP versions. */
function packet(index: number, chance: Chance): Buffer {
  const conversation = chance.between(0, CONVERSATIONS - 1);
  const v6 = conversation % 4 === 0;
  const here: Endpoint = { address: v6 ? LOCAL_IPV6[0] : LOCAL_IPV4[0], port: 50_000 + conversation };
  const there: Endpoint = {
    address: v6 ? `2001:db8:ff::${conversation}` : `198.51.100.${conversation}`,
    port: 443,
  };
  const [from, to] = index % 3 === 0 ? [here, there] : [there, here];
  const length = chance.next() < 0.6 ? 1_200 : chance.between(60, 400);
  switch (conversation % 5) {
    case 0:
      return udp(from, to, quicData(Buffer.alloc(8, conversation), length, chance));
    case 1:
      return udp(here, { ...there, port: 53 }, dns(index, `host${conversation}.example.com`));
    default:
      return tcp(from, to, { flags: PSH | ACK, seq: index * 1_500, ack: 1 }, applicationData(length, chance));
  }
}
