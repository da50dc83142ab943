/** What is on the screen, as a person names it. The only place that knows how the page is built. */

import type { Locator, Page } from "playwright-core";
import { appStrings } from "../../src/lib/app-strings";
import { flowStrings } from "../../src/lib/flow-strings";
import { hostStrings } from "../../src/lib/host-strings";
import { strings } from "../../src/lib/strings";

/** More stops than any page has. */
const MOST_STOPS = 60;

export class Screen {
  constructor(private readonly page: Page) {}

  get main(): Locator {
    return this.page.getByRole("main");
  }

  get navigation(): Locator {
    return this.page.getByRole("navigation");
  }

  /** The line at the bottom. */
  get status(): Locator {
    return this.page.getByRole("contentinfo");
  }

  /** What the line at the bottom says: the state and its source, such as `Capturing eth0`. */
  state(words: string): Locator {
    return this.status.getByText(words);
  }

  interface(name: string): Locator {
    return this.page.getByRole("radio", { name: new RegExp(`^${name}\\b`) });
  }

  /** The large button of the first page. */
  get firstStart(): Locator {
    return this.main.getByRole("button", { name: strings.capture.start, exact: true });
  }

  /** The way to the demo from a page without packets. */
  get showDemo(): Locator {
    return this.main.getByRole("button", { name: strings.demo.show });
  }

  /** Does a command by its name. */
  async command(name: string): Promise<void> {
    await this.page.keyboard.press("Control+k");
    await this.page.getByPlaceholder(strings.commands.placeholder).fill(name);
    await this.page.keyboard.press("Enter");
  }

  /** A button anywhere outside the page's content. */
  control(name: string): Locator {
    return this.page.getByRole("banner").getByRole("button", { name, exact: true });
  }

  /** The field for the capture filter that is in sight: the one in the top bar, or on small screens that of the page. */
  get captureFilter(): Locator {
    return this.page.getByLabel(strings.capture.filterLabel).filter({ visible: true }).first();
  }

  get dialog(): Locator {
    return this.page.getByRole("dialog").or(this.page.getByRole("alertdialog"));
  }

  alert(words: string | RegExp): Locator {
    return this.page.getByRole("alert").filter({ hasText: words });
  }

  /** A card of the dashboard. */
  card(label: string): Locator {
    return this.page
      .getByRole("list", { name: strings.dashboard.numbers })
      .getByRole("listitem")
      .filter({ hasText: label });
  }

  /** The large number of a card: the first one after its label. */
  async reading(label: string): Promise<string> {
    const text = await this.card(label).first().innerText();
    return text.slice(text.indexOf(label) + label.length).match(/[\d.,]+|–/)?.[0] ?? "";
  }

  /** The packets counted so far, as the status bar says. */
  async packets(): Promise<number> {
    const found = (await this.status.innerText()).match(/([\d,]+) packets?/);
    return Number(found?.[1]?.replaceAll(",", "") ?? 0);
  }

  /** Seconds since the session began, as the status bar says. */
  async elapsed_s(): Promise<number> {
    const [, hours = 0, minutes = 0, seconds = 0] =
      (await this.status.innerText()).match(/(\d+):(\d\d):(\d\d)/) ?? [];
    return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  }

  panel(title: string): Locator {
    return this.page.getByRole("region", { name: title, exact: true });
  }

  /** The texts of a row of a panel's table, the name it begins with left out. */
  async cells(title: string, row: string): Promise<string[]> {
    const found = this.panel(title).getByRole("row").filter({ hasText: row }).first();
    return (await found.getByRole("cell").allInnerTexts()).filter((text) => text.trim() !== row);
  }

  /** What a panel says of a name in a list of names and numbers. */
  async figure(title: string, name: string): Promise<string> {
    const line = this.panel(title)
      .locator("dl > div")
      .filter({ has: this.page.locator("dt").getByText(name, { exact: true }) });
    return line.locator("dd").last().innerText();
  }

  /** What a panel's canvas shows, as a picture in text. */
  async drawing(title: string): Promise<string> {
    return this.panel(title)
      .locator("canvas")
      .first()
      .evaluate((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : ""));
  }

  /** The list of packets on this page. */
  get grid(): Locator {
    return this.page.getByRole("grid").first();
  }

  /** The packets in sight. */
  get rows(): Locator {
    return this.grid.locator("[role=row][aria-rowindex]:not([aria-rowindex='1'])").filter({ visible: true });
  }

  /** The numbers of the packets in sight, smallest first. */
  async numbers(): Promise<number[]> {
    const texts = await this.rows.evaluateAll((rows) =>
      rows.map((row) => row.firstElementChild?.textContent ?? ""),
    );
    return texts.map(Number).sort((first, second) => first - second);
  }

  /** The text of the packets in sight. */
  async rowTexts(): Promise<string[]> {
    return this.rows.evaluateAll((rows) => rows.map((row) => row.textContent ?? ""));
  }

  get packetFilter(): Locator {
    return this.page.getByLabel(strings.packets.filterLabel, { exact: true });
  }

  get flowFilter(): Locator {
    return this.page.getByLabel(flowStrings.filterLabel, { exact: true });
  }

  /** Everything about one flow. */
  get flow(): Locator {
    return this.page.getByRole("region", { name: flowStrings.sheet.label, exact: true });
  }

  get hostFilter(): Locator {
    return this.page.getByLabel(hostStrings.filterLabel, { exact: true });
  }

  /** Everything about one host. */
  get host(): Locator {
    return this.page.getByRole("region", { name: hostStrings.sheet.label, exact: true });
  }

  /** The applications in their table; what has no label is the last. */
  get apps(): Locator {
    return this.panel(appStrings.title).locator("tbody").getByRole("row");
  }

  app(name: string): Locator {
    return this.apps.filter({ has: this.page.getByRole("link", { name, exact: true }) });
  }

  /** The kinds of the applications that are shown, each once. */
  async appCategories(): Promise<string[]> {
    return [...new Set(await this.apps.locator("td:nth-child(2)").allInnerTexts())];
  }

  /** What sorts a list. */
  heading(label: string): Locator {
    return this.grid.getByRole("columnheader", { name: label });
  }

  /** What one column of the list says, from the first row in sight to the last. */
  async column(label: string): Promise<string[]> {
    const place = (await this.grid.getByRole("columnheader").allInnerTexts()).findIndex((text) =>
      text.startsWith(label),
    );
    return this.rows.evaluateAll((rows, at) => rows.map((row) => row.children[at]?.textContent ?? ""), place);
  }

  get details(): Locator {
    return this.page.getByRole("region", { name: strings.packets.details });
  }

  get following(): Locator {
    return this.page.getByRole("button", { name: strings.packets.following, exact: true });
  }

  get follow(): Locator {
    return this.page.getByRole("button", { name: new RegExp(`^${strings.packets.follow}(,|$)`) });
  }

  async go(page: keyof typeof strings.pages): Promise<void> {
    const link = this.navigation.getByRole("link", { name: strings.pages[page] });
    await link.click();
    await link.and(this.page.locator("[aria-current=page]")).waitFor();
  }

  /** Chooses an interface on the first page, and starts. */
  async start(name: string): Promise<void> {
    await this.interface(name).click();
    await this.firstStart.click();
    await this.state(`${strings.states.running.interface} ${name}`).waitFor();
  }

  async stop(): Promise<void> {
    await this.control(strings.capture.stop).click();
    await this.state(strings.states.finished).waitFor();
  }

  /** Drops a file on the page, as from a file manager. */
  async drop(name: string, bytes: Buffer): Promise<void> {
    const carried = await this.page.evaluateHandle(
      ([called, text]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], called));
        return transfer;
      },
      [name, bytes.toString("base64")] as const,
    );
    for (const event of ["dragenter", "dragover", "drop"]) {
      await this.page.dispatchEvent("body", event, { dataTransfer: carried });
    }
  }

  /** Goes to a button as somebody without a mouse does. */
  async tabTo(button: string): Promise<void> {
    for (let press = 0; press < MOST_STOPS; press += 1) {
      await this.page.keyboard.press("Tab");
      const reached = await this.page.evaluate(() => document.activeElement?.textContent?.trim());
      if (reached === button) return;
    }
    throw new Error(`${MOST_STOPS} presses of Tab do not reach ${button}`);
  }
}
