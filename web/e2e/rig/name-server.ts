/** A name server on this machine, which knows the names of a few addresses and remembers what it was asked. */

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

const HEADER = 12;
const COUNT_OF_ANSWERS = 6;
/** An answer, recursion wanted and there (RFC 1035 section 4.1.1). */
const ANSWERED = 0x8180;
const NO_SUCH_NAME = 3;
const PTR = 12;
const INTERNET = 1;
/** What follows a question's name: its type and its class. */
const TYPE_AND_CLASS = 4;
/** Where the question's name is, as a pointer. */
const SAME_NAME = 0xc000 | HEADER;
const TTL_S = 60;

export class NameServer {
  /** What was asked, in its order: `7.2.0.192.in-addr.arpa`. */
  readonly asked: string[] = [];

  private constructor(
    private readonly socket: Socket,
    private readonly names: ReadonlyMap<string, string>,
  ) {
    socket.on("message", (query, { port, address }) => socket.send(this.answer(query), port, address));
  }

  /** `names`: those of addresses of IPv4. */
  static async start(names: ReadonlyMap<string, string>): Promise<NameServer> {
    const socket = createSocket("udp4");
    const asked = new Map([...names].map(([address, name]) => [questionOf(address), name]));
    const server = new NameServer(socket, asked);
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return server;
  }

  /** Where it listens, as the program is told. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  async stop(): Promise<void> {
    this.socket.close();
    await once(this.socket, "close");
  }

  private answer(query: Buffer): Buffer {
    const { name, end } = nameAt(query, HEADER);
    this.asked.push(name);
    const found = this.names.get(name);
    const answer = Buffer.from(query.subarray(0, end + TYPE_AND_CLASS));
    answer.writeUInt16BE(found === undefined ? ANSWERED | NO_SUCH_NAME : ANSWERED, 2);
    answer.fill(0, COUNT_OF_ANSWERS, HEADER);
    if (found === undefined) return answer;
    answer.writeUInt16BE(1, COUNT_OF_ANSWERS);
    const record = Buffer.alloc(12);
    const value = nameBytes(found);
    record.writeUInt16BE(SAME_NAME, 0);
    record.writeUInt16BE(PTR, 2);
    record.writeUInt16BE(INTERNET, 4);
    record.writeUInt32BE(TTL_S, 6);
    record.writeUInt16BE(value.length, 10);
    return Buffer.concat([answer, record, value]);
  }
}

/** What is asked to learn the name of an address (RFC 1035 section 3.5). */
export function questionOf(address: string): string {
  return `${address.split(".").reverse().join(".")}.in-addr.arpa`;
}

/** The name at a place of a message, and where it ends; questions have no pointers. */
function nameAt(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString("latin1", at + 1, at + 1 + length).toLowerCase());
    at += 1 + length;
  }
  return { name: labels.join("."), end: at + 1 };
}

function nameBytes(name: string): Buffer {
  const labels = name.split(".").map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`));
  return Buffer.concat([...labels, Buffer.alloc(1)]);
}
