/** `test` with what the end-to-end tests need, made when a test names it and taken down after it. */

import { test as base } from "vitest";
import { Program } from "./program";
import { type Look, launch, Viewer } from "./viewer";
import { Wire } from "./wire";

/** Starts a program that is stopped when the test has ended; `program` is one that was given nothing. */
export type Start = (how?: Parameters<typeof Program.start>[0]) => Promise<Program>;

/** Opens the dashboard; `watch(program, look)` for every person that a test needs. */
export type Watch = (program: Program, look?: Look) => Promise<Viewer>;

export const test = base
  .extend("browser", { scope: "worker" }, async ({}, { onCleanup }) => {
    const browser = await launch();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend("wire", async ({}, { onCleanup }) => {
    const wire = await Wire.lay();
    onCleanup(() => wire.remove());
    return wire;
  })
  .extend("start", async ({}, { onCleanup }): Promise<Start> => {
    const programs: Program[] = [];
    onCleanup(async () => {
      await Promise.all(programs.map((program) => program.stop()));
    });
    return async (how) => {
      const program = await Program.start(how);
      programs.push(program);
      return program;
    };
  })
  .extend("program", ({ start }) => start())
  // It is taken down before the programs: a page that still loads would say that its program is not there.
  .extend("watch", async ({ browser, start: _ }, { onCleanup }): Promise<Watch> => {
    const viewers: Viewer[] = [];
    onCleanup(async () => {
      const noises = (await Promise.all(viewers.map((viewer) => viewer.close()))).flat();
      if (noises.length > 0) throw new Error(`a page was not quiet:\n${noises.join("\n")}`);
    });
    return async (program, look) => {
      const viewer = await Viewer.open(browser, program.url, look);
      viewers.push(viewer);
      return viewer;
    };
  });
