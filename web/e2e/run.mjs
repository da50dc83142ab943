// Runs the rig in a network of its own: node e2e/run.mjs test|screenshots|budgets [options]
//
// A network namespace holds nothing but the program, the browser and the wire between them and a sender: no other traffic,
// no port that is taken, and no way out, so that a page that asks somebody else gets no answer. All of it goes when the
// last process ends. Root may make one, and so may everybody where the system lets users make namespaces.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const WEB = fileURLToPath(new URL("..", import.meta.url));
const HERE = fileURLToPath(import.meta.url);

/** A network, processes that end with it, and the mounts that show both. */
const OWN = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
const AS_USER = ["--user", "--map-root-user"];

/** /sys shows the interfaces of the network it was mounted in. */
const ENTER = "mount -t sysfs sysfs /sys && ip link set lo up";
const TRY_A_WIRE = "ip link add try0 type veth peer name try1 && ip link delete try0";

/** The program to test: named, or what `cargo build` leaves. */
const PROGRAM = resolve(
  process.env.NETSONDE_PROGRAM ??
    resolve(WEB, "..", process.env.CARGO_TARGET_DIR ?? "target", "debug", "netsonde"),
);

const PARTS = ["test", "screenshots", "budgets"];

const [part = "", ...options] = process.argv.slice(2);
if (!PARTS.includes(part)) {
  console.error(`usage: node e2e/run.mjs ${PARTS.join("|")} [options]`);
  process.exit(2);
}
if (!existsSync(PROGRAM)) {
  console.error(
    `there is no program at ${PROGRAM}: cargo build -p netsonde, or name one in NETSONDE_PROGRAM`,
  );
  process.exit(1);
}
if (process.env.NETSONDE_E2E_NETWORK === undefined)
  process.exit((await inOwnNetwork()) ?? (await withoutOne()));
else if (part === "test")
  process.exit(
    await node(["node_modules/vitest/vitest.mjs", "run", "--config", "e2e/vitest.config.ts", ...options]),
  );
else await runTypeScript();

/** The exit code, or `null` where the system lets nobody make a network. */
async function inOwnNetwork() {
  for (const way of [OWN, [...AS_USER, ...OWN]]) {
    if ((await unshare(way, `${ENTER} && ${TRY_A_WIRE}`, [], "ignore")) !== 0) continue;
    const again = [process.execPath, HERE, part, ...options];
    return unshare(way, `${ENTER} && exec "$@"`, again, "inherit", "own");
  }
  return null;
}

/** Skips what needs a wire, loudly; where nobody would hear it, and where all needs one, that is a failure. */
function withoutOne() {
  const skip = part === "test" && !process.env.CI;
  const verdict = skip ? "END-TO-END TESTS ON A WIRE SKIPPED" : "CANNOT RUN";
  console.error(`${verdict}: this system lets neither root nor users make network namespaces`);
  return skip ? node([HERE, part, ...options], "none") : 1;
}

function unshare(flags, script, command, stdio, network) {
  return run("unshare", [...flags, "sh", "-c", script, "sh", ...command], stdio, network);
}

function node(command, network) {
  return run(process.execPath, command, "inherit", network);
}

/** Its exit code. Whoever ends this process ends that one too, and with a network all that is in it. */
function run(command, args, stdio, network) {
  const env = { ...process.env, NETSONDE_PROGRAM: PROGRAM };
  if (network !== undefined) env.NETSONDE_E2E_NETWORK = network;
  const child = spawn(command, args, { cwd: WEB, env, stdio });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill("SIGKILL"));
  return new Promise((done) => {
    child.on("error", () => done(1));
    child.on("exit", (code) => done(code ?? 1));
  });
}

/** Node reads no TypeScript by itself; Vite, which builds the pages, does. */
async function runTypeScript() {
  const { runnerImport } = await import("vite");
  const { module } = await runnerImport(new URL(`${part}.ts`, import.meta.url).pathname, {
    configFile: false,
    root: WEB,
  });
  process.exitCode = await module.run(options);
}
