// Writes a .br and a .gz beside every built file that gets smaller by it: the program hands them out as they are.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const DIST = new URL("../dist", import.meta.url).pathname;
// Fonts and pictures are compressed already; index.html is made anew for each answer.
const COMPRESSIBLE = /\.(js|css|svg|json|webmanifest|txt)$/;

const files = readdirSync(DIST, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && COMPRESSIBLE.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));

for (const file of files) {
  const plain = readFileSync(file);
  const brotli = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  for (const [ending, packed] of [
    ["br", brotli],
    ["gz", gzipSync(plain, { level: 9 })],
  ]) {
    if (packed.length < plain.length) writeFileSync(`${file}.${ending}`, packed);
  }
}
