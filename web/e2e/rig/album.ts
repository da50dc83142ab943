/** Pictures of a page in every look, and the page that lists them. */

import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { inTheme } from "./judge";
import { smallPng } from "./small-png";

const LOOKS = [
  { name: "dark", theme: "dark", width: 1440, height: 1000 },
  { name: "light", theme: "light", width: 1440, height: 1000 },
  { name: "dark-390", theme: "dark", width: 390, height: 844 },
  { name: "light-390", theme: "light", width: 390, height: 844 },
] as const;

export class Album {
  private readonly shown: { name: string; title: string }[] = [];

  private constructor(private readonly folder: string) {}

  /** An empty album: pictures of states that are no more go. */
  static async empty(folder: string): Promise<Album> {
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) if (name.endsWith(".png")) await rm(join(folder, name));
    return new Album(folder);
  }

  /** Takes the page as it stands, in both themes, on a desk and in a hand. */
  async take(page: Page, name: string, title: string): Promise<void> {
    for (const look of LOOKS) {
      await page.setViewportSize(look);
      await writeFile(join(this.folder, `${name}-${look.name}.png`), await picture(page, look.theme));
    }
    await page.setViewportSize(LOOKS[0]);
    this.shown.push({ name, title });
  }

  /** Writes the page that lists the pictures. */
  async index(): Promise<void> {
    const sections = this.shown.map(({ name, title }) => {
      const cells = LOOKS.map((look) => `![${title}, ${look.name}](${name}-${look.name}.png)`);
      return `## ${title}\n\n| ${LOOKS.map((look) => look.name).join(" | ")} |\n|${" --- |".repeat(LOOKS.length)}\n| ${cells.join(" | ")} |\n`;
    });
    const head =
      "# Every state of the dashboard\n\nTaken by `make screenshots` from a running program; not to be edited.\n";
    await writeFile(join(this.folder, "README.md"), [head, ...sections].join("\n"));
  }
}

/** One picture, when nothing is on its way any more. */
export async function picture(page: Page, theme: "dark" | "light"): Promise<Buffer> {
  await inTheme(page, theme);
  await page.evaluate(async () => {
    await document.fonts.ready;
    // What the size has changed is measured in one frame and drawn in the next.
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  });
  return smallPng(await page.screenshot({ animations: "disabled", caret: "hide" }));
}
