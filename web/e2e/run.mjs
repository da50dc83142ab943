// Runs the rig in a network of its own: node e2e/run.mjs test|screenshots [options]
//
// A network namespace holds nothing but the program, the browser and the wire between them and a sender: no other traffic,
// no port that is taken, and no way out, so that a page that asks somebody else gets no answer. All of it goes when the
// last process ends. Root may make one, and so may everybody where the system lets users make namespaces.

import { spawnSync } from "node:child_process";
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

const PARTS = ["test", "screenshots"];

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
if (process.env.NETSONDE_E2E_NETWORK === undefined) process.exit(inOwnNetwork() ?? withoutOne());
else if (part === "test")
  process.exit(
    node(["node_modules/vitest/vitest.mjs", "run", "--config", "e2e/vitest.config.ts", ...options]),
  );
else await runTypeScript();

/** The exit code, or `null` where the system lets nobody make a network. */
function inOwnNetwork() {
  const ways = [OWN, [...AS_USER, ...OWN]];
  const way = ways.find((flags) => unshare(flags, `${ENTER} && ${TRY_A_WIRE}`, [], "ignore") === 0);
  if (way === undefined) return null;
  return unshare(way, `${ENTER} && exec "$@"`, [process.execPath, HERE, part, ...options], "inherit", "own");
}

function withoutOne() {
  console.error(
    "END-TO-END TESTS ON A WIRE SKIPPED: this system lets neither root nor users make network namespaces.",
  );
  if (process.env.CI) return 1;
  return part === "test" ? node([HERE, part, ...options], "none") : 1;
}

function unshare(flags, script, command, stdio, network) {
  return spawn("unshare", [...flags, "sh", "-c", script, "sh", ...command], stdio, network);
}

function node(command, network) {
  return spawn(process.execPath, command, "inherit", network);
}

function spawn(command, args, stdio, network) {
  const env = { ...process.env, NETSONDE_PROGRAM: PROGRAM };
  if (network !== undefined) env.NETSONDE_E2E_NETWORK = network;
  return spawnSync(command, args, { cwd: WEB, env, stdio }).status ?? 1;
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
