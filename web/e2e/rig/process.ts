/** Child processes: started, listened to, and ended for certain. */

import { type ChildProcess, execFile } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const execFileAsync = promisify(execFile);

/** Runs a short command and answers what it printed; a failure names the command and what it said. */
export async function run(command: string, ...options: string[]): Promise<string> {
  return (await execFileAsync(command, options)).stdout;
}

/** The lines that a process prints. */
export class Lines {
  private readonly heard: string[] = [];
  private readonly listeners = new Set<() => void>();
  private ended = false;

  constructor(stream: NodeJS.ReadableStream) {
    const lines = createInterface({ input: stream });
    lines.on("line", (line) => {
      this.heard.push(line);
      this.tell();
    });
    lines.on("close", () => {
      this.ended = true;
      this.tell();
    });
  }

  get text(): string {
    return this.heard.join("\n");
  }

  /** The line at a place, counted from 0, once it is there. */
  async at(place: number, within_ms: number): Promise<string> {
    const deadline = Date.now() + within_ms;
    for (;;) {
      const line = this.heard[place];
      if (line !== undefined) return line;
      const left_ms = deadline - Date.now();
      if (this.ended || left_ms <= 0)
        throw new Error(`line ${place + 1} did not come; there was: ${this.text}`);
      await this.news(left_ms);
    }
  }

  /** The first line that `wanted` takes, once it is there. */
  async first(wanted: (line: string) => boolean, within_ms: number): Promise<string> {
    const deadline = Date.now() + within_ms;
    for (let place = 0; ; place += 1) {
      const line = await this.at(place, deadline - Date.now());
      if (wanted(line)) return line;
    }
  }

  private news(within_ms: number): Promise<void> {
    return new Promise((done) => {
      const heard = () => {
        clearTimeout(timer);
        this.listeners.delete(heard);
        done();
      };
      const timer = setTimeout(heard, within_ms);
      this.listeners.add(heard);
    });
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

const PATIENCE_MS = 5_000;

/** Ends a process: politely, and by force when that takes too long. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  const force = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  child.kill(signal);
  await gone;
  clearTimeout(force);
}
