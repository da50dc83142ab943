/** Two ends of a wire: one here, to capture on, and one in a namespace of its own, which sends. */

import { type ChildProcess, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Timed } from "../packets/capture-file";
import { LOCAL_IPV4, LOCAL_IPV6 } from "../packets/office";
import { end, Lines, run } from "./process";

/** What `run.mjs` found out: whether this process may make namespaces and wires. */
export const CAN_LAY_WIRES = process.env.NETSONDE_E2E_NETWORK === "own";

/** Each worker of the tests has a wire of its own. */
export const INTERFACE = `office${process.env.VITEST_POOL_ID ?? 0}`;
const FAR_END = "far0";
const IPV6 = `/proc/sys/net/ipv6/conf/${INTERFACE}`;

const HEAD_BYTES = 13;
const READY_WITHIN_MS = 10_000;
const SENT_WITHIN_MS = 90_000;

const SENDER = fileURLToPath(new URL("./sender.py", import.meta.url));

export class Wire {
  /** Lines that the sender will have printed: the first says that it is ready. */
  private awaited = 1;

  private constructor(
    private readonly sender: ChildProcess,
    private readonly said: Lines,
  ) {}

  /** Lays a wire on which nothing speaks but `send`. */
  static async lay(): Promise<Wire> {
    const sender = spawn("unshare", ["--net", "python3", SENDER, FAR_END], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const said = new Lines(sender.stdout);
    await said.at(0, READY_WITHIN_MS);
    const far = String(sender.pid);
    await run("ip", "link", "add", INTERFACE, "type", "veth", "peer", "name", FAR_END, "netns", far);
    await run("nsenter", "--target", far, "--net", "ip", "link", "set", FAR_END, "up");
    // Neither asks who else is there nor for a router.
    await Promise.all(
      ["accept_dad", "router_solicitations"].map((wish) => writeFile(`${IPV6}/${wish}`, "0")),
    );
    await run("ip", "addr", "add", `${LOCAL_IPV4[0]}/24`, "dev", INTERFACE);
    await run("ip", "link", "set", INTERFACE, "addrgenmode", "none", "up");
    await run("ip", "addr", "add", `${LOCAL_IPV6[0]}/64`, "dev", INTERFACE, "nodad");
    sender.stdin.write("\n");
    return new Wire(sender, said);
  }

  /**
   * Sends frames at their times after `start_ms`, and is done when the last one is on the wire.
   *
   * Answers when each frame that `told` takes, and the last one, was sent: milliseconds since 1970.
   */
  async send(
    frames: readonly Timed[],
    start_ms = 0,
    told: (index: number) => boolean = () => false,
  ): Promise<number[]> {
    const tells = frames.map((_, index) => index === frames.length - 1 || told(index));
    this.sender.stdin?.write(
      Buffer.concat(
        frames.flatMap(({ at_s, frame }, index) => [
          head(frame, start_ms / 1000 + at_s, tells[index] ?? false),
          frame,
        ]),
      ),
    );
    const first = this.awaited;
    this.awaited += tells.filter((tell) => tell).length;
    const sent_ms: number[] = [];
    for (let place = first, end = this.awaited; place < end; place += 1) {
      const line = await this.said.at(place, SENT_WITHIN_MS);
      sent_ms.push(Number(line.split(" ")[1]) * 1000);
    }
    return sent_ms;
  }

  /** Takes the interface away, as when a cable's adapter is pulled out. */
  async cut(): Promise<void> {
    await run("ip", "link", "delete", INTERFACE);
  }

  /** Ends the sender; its namespace and with it the wire go too. */
  async remove(): Promise<void> {
    await end(this.sender, "SIGKILL");
    // The kernel takes a namespace down some time after its last process; the next wire has the same name.
    await run("ip", "link", "delete", INTERFACE).catch(() => "it was cut");
  }
}

/** What stands before a frame for the sender: see there. */
function head(frame: Buffer, due_s: number, told: boolean): Buffer {
  const bytes = Buffer.alloc(HEAD_BYTES);
  bytes.writeUInt32LE(frame.length, 0);
  bytes.writeDoubleLE(due_s, 4);
  bytes.writeUInt8(told ? 1 : 0, 12);
  return bytes;
}
