// Fails where the JavaScript that the first page loads grows over its budget, or where a built file names another origin.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url).pathname;
const BUDGET_KB = 230;

/** Addresses that nothing asks for: XML namespaces, licence lines, and links inside the error texts of libraries. */
const NAMES = [
  /^https?:\/\/www\.w3\.org\//,
  /^https:\/\/tailwindcss\.com$/,
  /^https:\/\/react\.dev\//,
  /^https:\/\/radix-ui\.com\//,
  /^https?:\/\/localhost$/,
];

function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function gzipped(path) {
  return gzipSync(readFileSync(path), { level: 9 }).length;
}

/** The scripts the page loads before anything is clicked: those of index.html, what they import, and the worker. */
function initialScripts() {
  const html = readFileSync(join(DIST, "index.html"), "utf8");
  const found = new Set();
  const queue = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => match[1]);
  for (const path of queue) {
    if (found.has(path)) continue;
    found.add(path);
    const source = readFileSync(join(DIST, path), "utf8");
    const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "";
    for (const match of source.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g))
      queue.push(folder + match[1]);
    for (const match of source.matchAll(/["`]\/(assets\/worker-[^"`]+\.js)["`]/g)) queue.push(match[1]);
  }
  return [...found];
}

function foreignAddresses() {
  return files(DIST)
    .filter((path) => /\.(js|css|html|svg)$/.test(path))
    .flatMap((path) => {
      const addresses =
        readFileSync(path, "utf8").match(/https?:\/\/[a-z0-9][a-z0-9.-]*[^\s"'`)<>\\]*/gi) ?? [];
      return addresses
        .filter((address) => !NAMES.some((name) => name.test(address)))
        .map((address) => `${path}: ${address}`);
    });
}

const scripts = initialScripts();
const sizes = scripts.map((path) => [path, gzipped(join(DIST, path))]);
const total_kb = sizes.reduce((sum, [, bytes]) => sum + bytes, 0) / 1000;
for (const [path, bytes] of sizes) console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${path}`);
console.log(`${total_kb.toFixed(1).padStart(7)} kB  initial JavaScript, gzipped (budget ${BUDGET_KB} kB)`);

const foreign = foreignAddresses();
for (const line of foreign) console.error(`names another origin: ${line}`);
if (total_kb > BUDGET_KB) console.error(`over the budget by ${(total_kb - BUDGET_KB).toFixed(1)} kB`);
process.exit(total_kb > BUDGET_KB || foreign.length > 0 ? 1 : 0);
