/** The program under test. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { end, Lines } from "./process";

/** `run.mjs` names it. */
export const PROGRAM = process.env.NETSONDE_PROGRAM ?? "netsonde";

const STARTS_WITHIN_MS = 15_000;

export interface ProgramOptions {
  /** The program's file. */
  file?: string;
  /** What it is told to do. */
  command?: "serve" | "demo";
  /** The port to serve on; 0 for one that is free. */
  port?: number;
  /** Whether it may capture; not even root may without. */
  mayCapture?: boolean;
  /** More options of its command line. */
  options?: readonly string[];
}

/** Takes away what capturing needs, for good: a program that root starts gets nothing back. */
const WITHOUT_RIGHTS = [
  "setpriv",
  "--bounding-set",
  "-net_raw,-net_admin",
  "--inh-caps",
  "-net_raw,-net_admin",
  "--",
];

export class Program {
  private constructor(
    private readonly child: ChildProcess,
    private readonly data: string,
    /** Where the dashboard is, with a slash at the end. */
    readonly url: string,
  ) {}

  static async start({
    file = PROGRAM,
    command = "serve",
    port = 0,
    mayCapture = true,
    options = [],
  }: ProgramOptions = {}): Promise<Program> {
    const data = await mkdtemp(join(tmpdir(), "netsonde-e2e-"));
    const rights = mayCapture || process.getuid?.() !== 0 ? [] : WITHOUT_RIGHTS;
    const words = [...rights, file, command, "--listen", `127.0.0.1:${port}`, "--data", data, ...options];
    const child = spawn(words[0] ?? file, words.slice(1), {
      // No settings of whoever runs the tests: neither a file in the folder nor the environment.
      cwd: data,
      env: { PATH: process.env.PATH, NETSONDE_LOG: "warn" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const address = /^netsonde is at (http:\S+?)\/?$/;
    const line = await new Lines(child.stdout).first((text) => address.test(text), STARTS_WITHIN_MS);
    return new Program(child, data, `${line.match(address)?.[1]}/`);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Ends it as a power cut would: it says good-bye to nobody. */
  async kill(): Promise<void> {
    await end(this.child, "SIGKILL");
  }

  /** Runs `meanwhile` while the program gets no processor time. */
  async frozen(meanwhile: () => Promise<unknown>): Promise<void> {
    this.child.kill("SIGSTOP");
    try {
      await meanwhile();
    } finally {
      this.child.kill("SIGCONT");
    }
  }

  async stop(): Promise<void> {
    await end(this.child);
    await rm(this.data, { recursive: true, force: true });
  }
}
