import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["e2e/*.e2e.ts"],
    environment: "node",
    // Each worker has its browser, programs and wires; more of them would only wait for each other.
    maxWorkers: 2,
    isolate: false,
    // A browser on a machine that does much else stalls now and then; the report names what needed it.
    retry: 1,
    // Judging every state at every width takes most of a minute on a busy machine.
    testTimeout: 120_000,
    hookTimeout: 30_000,
  },
});
