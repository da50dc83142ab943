import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["e2e/*.e2e.ts"],
    environment: "node",
    // One browser for all, one program and one wire at a time: two would only wait for each other.
    fileParallelism: false,
    maxWorkers: 1,
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
});
