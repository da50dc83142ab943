/** `test` with what the end-to-end tests need, made when a test names it and taken down after it. */

import { test as base } from "vitest";
import { Program } from "./program";
import { type Look, launch, Viewer } from "./viewer";
import { Wire } from "./wire";

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
  .extend("program", async ({}, { onCleanup }) => {
    const program = await Program.start();
    onCleanup(() => program.stop());
    return program;
  })
  .extend("watch", async ({ browser }, { onCleanup }): Promise<Watch> => {
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
