/** Somebody who looks at the dashboard, and notices everything that a page does in silence. */

import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { Screen } from "./screen";

/** Debian's; another one can be named. */
const CHROMIUM = process.env.NETSONDE_CHROMIUM ?? "/usr/bin/chromium";

/** Chromium's own sandbox refuses to start for root, and what it opens here is ours. */
const OPTIONS = ["--no-sandbox", "--disable-dev-shm-usage"];

/** Workers share a network: when one lays or cuts its wire, the browser of another gives up what it is loading. */
const NETWORK_CHANGED = /ERR_NETWORK_CHANGED/;
const TRIES = 5;

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: OPTIONS });
}

export interface Look {
  theme?: "dark" | "light";
  width?: number;
  height?: number;
  /** The page to open, from the first slash on. */
  path?: string;
}

export class Viewer {
  /** Everything that a quiet page would not have said or asked for. */
  private readonly noises: string[] = [];
  private readonly expected: RegExp[] = [NETWORK_CHANGED];
  readonly screen: Screen;

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
    readonly url: string,
  ) {
    this.screen = new Screen(page);
    page.on("console", (message) => this.noises.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => this.noises.push(`error: ${error.message}`));
    context.on("request", (request) => {
      if (!request.url().startsWith(url)) this.noises.push(`request elsewhere: ${request.url()}`);
    });
  }

  static async open(browser: Browser, url: string, look: Look = {}): Promise<Viewer> {
    const { theme = "dark", width = 1440, height = 1000, path = "" } = look;
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      // Times of day are the same wherever this runs.
      timezoneId: "UTC",
    });
    const viewer = new Viewer(context, await context.newPage(), url);
    await viewer.load(new URL(path, url).href);
    return viewer;
  }

  /** Loads a page whole. */
  private async load(address: string): Promise<void> {
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const before = this.noises.length;
      const problem = await this.page.goto(address).then(
        () => this.noises.slice(before).find((noise) => NETWORK_CHANGED.test(noise)),
        (error: Error) => error.message,
      );
      if (problem === undefined) return;
      if (!NETWORK_CHANGED.test(problem)) throw new Error(problem);
    }
    throw new Error(`${address} did not load in ${TRIES} tries: the network changed each time`);
  }

  /** Says that noises of this kind belong to what the test does. */
  expect(noise: RegExp): void {
    this.expected.push(noise);
  }

  /** Closes the page and answers what it said that nobody expected. */
  async close(): Promise<string[]> {
    await this.context.close();
    return this.noises.filter((noise) => !this.expected.some((expected) => expected.test(noise)));
  }
}
