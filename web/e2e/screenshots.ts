/** Takes the pictures of README.md and docs/screens/: every page and state, as the program brings it about. */

import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { appStrings } from "../src/lib/app-strings";
import { compositionStrings } from "../src/lib/composition-strings";
import { flowStrings } from "../src/lib/flow-strings";
import { hostStrings } from "../src/lib/host-strings";
import { mapStrings } from "../src/lib/map-strings";
import { mediaStrings } from "../src/lib/media-strings";
import { protocolStrings } from "../src/lib/protocol-strings";
import { ruleStrings } from "../src/lib/rule-strings";
import { saidStrings } from "../src/lib/said-strings";
import { strings } from "../src/lib/strings";
import { captureFile } from "./packets/capture-file";
import { udp } from "./packets/frames";
import { OFFICE_S, office } from "./packets/office";
import { Album, picture } from "./rig/album";
import { run as command } from "./rig/process";
import { PROGRAM, Program } from "./rig/program";
import type { Screen } from "./rig/screen";
import { launch, Viewer } from "./rig/viewer";
import { INTERFACE, Wire } from "./rig/wire";

const DOCS = fileURLToPath(new URL("../../docs/", import.meta.url));

/** The office's networks; to a file the program could only apply its rule for private addresses. */
const LOCAL = ["--local", "192.168.1.0/24", "--local", "2001:db8:1::/64"];

/**
 * The command for the right to capture names the program's file, and no picture is to show whose machine took it: the
 * program is copied over this folder, which only the rig's own mounts hide.
 */
const INSTALLED_IN = "/srv";

/** A Friday afternoon. */
const FILE_STARTS_S = Date.UTC(2026, 10, 20, 14, 2) / 1000;

/** Long enough for lines that say something. */
const LIVE_S = 40;

/** The demo before anything goes wrong, and in the middle of its download: see `netsonde-synth`. */
const DEMO_HEALTHY_S = 20;
const DEMO_DOWNLOAD_S = 62;

/** What somebody in the demo looks at all the time. */
const VIDEO = "Netflix";

/** What a TLS client says first, and with it where it wants to go. */
const HELLO = "ClientHello";

const { states, capture, permission, banner, view, confirm, demo } = strings;

export async function run(): Promise<number> {
  const browser = await launch();
  const album = await Album.empty(join(DOCS, "screens"));
  try {
    await beforeAnything(browser, album);
    await onAnInterface(browser, album);
    await whenThingsFail(browser, album);
    await fromAFile(browser, album);
    await theDemo(browser, album);
    await album.index();
  } finally {
    await browser.close();
  }
  return 0;
}

/** No session yet. */
async function beforeAnything(browser: Browser, album: Album): Promise<void> {
  const wire = await Wire.lay();
  await command("mount", "-t", "tmpfs", "tmpfs", INSTALLED_IN);
  const file = join(INSTALLED_IN, "netsonde");
  await copyFile(PROGRAM, file);
  const refused = await Program.start({ file, mayCapture: false });
  const program = await Program.start({ options: LOCAL });
  try {
    const without = await Viewer.open(browser, refused.url);
    await without.page.getByText(permission.title).waitFor();
    await album.take(without.page, "no-permission", "No right to capture");
    await without.close();

    const viewer = await Viewer.open(browser, program.url);
    const { page, screen } = viewer;
    await screen.interface(INTERFACE).click();
    await album.take(page, "first-run", "First run");
    await screen.captureFilter.fill("tcp prot 443");
    await screen.firstStart.click();
    await screen.alert(/tcp prot 443/).waitFor();
    await album.take(page, "filter-error", "A capture filter that is wrong");
    await screen.captureFilter.fill("");
    await screen.go("live");
    await album.take(page, "live-idle", "Live traffic before a capture");
    await screen.go("dashboard");
    await screen.interface(INTERFACE).waitFor();
    await program.frozen(async () => {
      await screen.firstStart.click();
      await screen.control(capture.starting).waitFor();
      await album.take(page, "starting", "Starting");
    });
    await screen.state(`${states.running.interface} ${INTERFACE}`).waitFor();
    await album.take(page, "no-packet-yet", "Capturing, no packet yet");
    await viewer.close();
  } finally {
    await Promise.all([program.stop(), refused.stop(), wire.remove()]);
  }
}

/** A live capture, to its end and to the loss of the program. */
async function onAnInterface(browser: Browser, album: Album): Promise<void> {
  const wire = await Wire.lay();
  const program = await Program.start({ options: LOCAL });
  try {
    const viewer = await Viewer.open(browser, program.url);
    const { page, screen } = viewer;
    await screen.start(INTERFACE);
    const traffic = office({ volume: 1, lasts_s: OFFICE_S });
    const picked = traffic.findIndex(({ at_s }) => at_s > LIVE_S);
    await wire.send(traffic.slice(0, picked), Date.now());
    const rest = wire.send(traffic.slice(picked), Date.now() - LIVE_S * 1000);
    await album.take(page, "running", "Capturing");
    await page.keyboard.press("?");
    await screen.dialog.waitFor();
    await album.take(page, "keyboard-help", "Keyboard help");
    await page.keyboard.press("Escape");
    await screen.go("live");
    await album.take(page, "live-following", "Live traffic, following");
    await screen.control(view.livePause).click();
    await album.take(page, "paused", "The view paused, the capture going on");
    await page.getByRole("banner").getByRole("button", { name: view.resume }).first().click();
    await rest;
    await screen.packetFilter.fill("example.com");
    await screen.rows.filter({ hasText: "example.com" }).last().click();
    await screen.details.waitFor();
    await album.take(page, "live-details", "A packet with its bytes, and a filter");
    await page.keyboard.press("Escape");
    await screen.packetFilter.fill("nobody says this");
    await page.getByText(strings.packets.noMatch("nobody says this")).waitFor();
    await album.take(page, "live-no-match", "A filter that nothing passes");
    await screen.packetFilter.fill("");
    await screen.stop();
    await screen.go("dashboard");
    await album.take(page, "finished", "Finished");
    await screen.control(capture.reset).click();
    await screen.dialog.waitFor();
    await album.take(page, "reset-asks", "Before measurements are lost");
    await screen.dialog.getByRole("button", { name: confirm.keep }).click();
    await program.kill();
    await screen.alert(banner.lost).waitFor();
    await album.take(page, "lost", "The program is gone");
    await viewer.close();
  } finally {
    await Promise.all([program.stop(), wire.remove()]);
  }
}

/** Drops, and an interface that goes away. */
async function whenThingsFail(browser: Browser, album: Album): Promise<void> {
  const wire = await Wire.lay();
  const program = await Program.start({ options: LOCAL });
  try {
    const viewer = await Viewer.open(browser, program.url);
    const { page, screen } = viewer;
    await screen.start(INTERFACE);
    await wire.send(office({ volume: 0.3, lasts_s: 10 }), Date.now());
    const large = udp(
      { address: "203.0.113.20", port: 443 },
      { address: "192.168.1.24", port: 50_123 },
      Buffer.alloc(1_400),
    );
    const burst = Array.from({ length: 60_000 }, () => ({ at_s: 0, frame: large }));
    await program.frozen(() => wire.send(burst));
    await screen.alert(/dropped/).waitFor();
    await album.take(page, "drops", "The kernel dropped packets");
    await wire.cut();
    await screen.state(states.failed).waitFor();
    await album.take(page, "failed", "The interface went away");
    await viewer.close();
  } finally {
    await Promise.all([program.stop(), wire.remove()]);
  }
}

/** A capture file. */
async function fromAFile(browser: Browser, album: Album): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "netsonde-pictures-"));
  const file = join(folder, "office.pcap");
  const traffic = office({ volume: 1, lasts_s: OFFICE_S });
  await writeFile(file, captureFile(traffic, FILE_STARTS_S));
  const program = await Program.start({ options: [...LOCAL, "--read", file] });
  try {
    const viewer = await Viewer.open(browser, program.url);
    const { page, screen } = viewer;
    await screen.state(states.finished).waitFor();
    await album.take(page, "file", "A capture file");
    await viewer.close();
  } finally {
    await program.stop();
    await rm(folder, { recursive: true });
  }
}

/** The demo, which is what README.md shows: everybody can have the same on their own screen. */
async function theDemo(browser: Browser, album: Album): Promise<void> {
  const program = await Program.start({ command: "demo", mayCapture: false });
  try {
    const viewer = await Viewer.open(browser, program.url);
    const { page, screen } = viewer;
    await playedUntil(screen, DEMO_HEALTHY_S);
    await album.take(page, "demo", "The demo");
    await playedUntil(screen, DEMO_DOWNLOAD_S);
    await album.take(page, "demo-download", "The demo, while a download loses packets");
    await page.setViewportSize({ width: 1440, height: 1120 });
    await writeFile(join(DOCS, "dashboard-dark.png"), await picture(page, "dark"));
    await writeFile(join(DOCS, "dashboard-light.png"), await picture(page, "light"));
    await flows(viewer, album);
    await hosts(viewer, album);
    await places(viewer, album);
    await applications(viewer, album);
    await protocolsAndComposition(viewer, album);
    await callsAndStreams(viewer, album);
    await whatIsWrong(viewer, album);
    await screen.go("live");
    await screen.packetFilter.fill(HELLO);
    await page.getByText(/^\d+ of [\d,]+$/).waitFor();
    await screen.rows.filter({ hasText: HELLO }).last().click();
    await screen.details.waitFor();
    await writeFile(join(DOCS, "live-traffic-dark.png"), await picture(page, "dark"));
    await page.keyboard.press("Escape");
    await screen.packetFilter.fill("");
    await screen.go("dashboard");
    await page.keyboard.press("Escape");
    await page.getByText(strings.view.resume).waitFor({ state: "detached" });
    await screen.control(demo.stop).click();
    await screen.state(states.demoStopped).waitFor();
    // What is pointed at looks different.
    await page.mouse.move(0, 0);
    await album.take(page, "demo-stopped", "The demo, stopped");
    await inWords(viewer, album);
    await viewer.close();
  } finally {
    await program.stop();
  }
}

/** While the demo still loses packets: the list, and the connection that loses most. */
async function flows({ page, screen }: Viewer, album: Album): Promise<void> {
  await screen.go("flows");
  await screen.rows.first().waitFor();
  await album.take(page, "flows", "Flows");
  await screen.heading(flowStrings.columns.resent).click();
  await screen.flowFilter.fill("tcp");
  await page.getByText(/^[\d,]+ of [\d,]+ flows$/).waitFor();
  await screen.rows.first().click();
  await screen.flow.getByText(flowStrings.sheet.fromClient).waitFor();
  await album.take(page, "flow", "A flow in full");
  await page.keyboard.press("Escape");
  await screen.flowFilter.fill("192.168.1.10 :nonsense");
  await screen.alert(/nonsense/).waitFor();
  await album.take(page, "flows-filter-error", "A filter of flows that means nothing");
  await screen.flowFilter.fill("");
}

/** Everybody who takes part, the host of the films in full, and who may be asked about them. */
async function hosts({ page, screen }: Viewer, album: Album): Promise<void> {
  const { sheet, lookups } = hostStrings;
  await screen.go("hosts");
  await screen.rows.first().waitFor();
  await album.take(page, "hosts", "Hosts");
  await screen.rows.filter({ hasText: VIDEO }).first().click();
  await screen.host.getByRole("region", { name: sheet.facts }).waitFor();
  await album.take(page, "host", "A host in full");
  await page.keyboard.press("Escape");
  await screen.host.waitFor({ state: "detached" });
  await screen.panel(lookups.title).getByRole("button", { expanded: false }).click();
  await album.take(page, "lookups", "Who may be asked about addresses, and what would be sent");
}

/** Where the demo's servers are, those that answer too fast for that, and the largest place in full. */
async function places({ page, screen }: Viewer, album: Album): Promise<void> {
  await screen.go("map");
  const list = page.getByRole("listbox", { name: mapStrings.options });
  await list.getByRole("option").first().waitFor();
  await album.take(page, "map", "Where hosts are, and which of them are not there");
  await list.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: mapStrings.sheet, exact: true }).waitFor();
  await album.take(page, "place", "A place in full");
  await page.keyboard.press("Escape");
  await page.getByRole("radio", { name: mapStrings.views.list }).click();
  await album.take(page, "map-list", "The same places in a list");
  await page.getByRole("radio", { name: mapStrings.views.map }).click();
}

/** Who the traffic is with, and why one flow is said to be what it is. */
async function applications({ page, screen }: Viewer, album: Album): Promise<void> {
  await screen.go("apps");
  await screen.app(VIDEO).waitFor();
  await album.take(page, "apps", "Applications");
  await screen.app(VIDEO).click();
  await page.getByText(flowStrings.ofApp(VIDEO)).waitFor();
  await screen.rows.first().click();
  await screen.flow
    .getByRole("region", { name: appStrings.why.title })
    .getByRole("listitem")
    .first()
    .waitFor();
  await album.take(page, "why-this-label", "Why this label");
  await screen.flow.getByRole("button", { name: appStrings.why.label }).click();
  await screen.dialog.getByLabel(ruleStrings.app, { exact: true }).fill("Films");
  await album.take(page, "label-as", "A label by hand");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
}

/** While the demo still loses packets: the pages that explain what is going on. */
async function protocolsAndComposition({ page, screen }: Viewer, album: Album): Promise<void> {
  const press = (name: string) => screen.main.getByRole("button", { name, exact: true }).click();
  await screen.go("protocols");
  await screen.panel(protocolStrings.tcp.events).waitFor();
  await album.take(page, "protocols", "Protocols");
  await press(protocolStrings.compare);
  await press("DNS");
  await press("QUIC");
  await screen.panel(protocolStrings.dns.rcodes).waitFor();
  await album.take(page, "protocols-compared", "Three protocols beside each other");
  await screen.go("composition");
  await screen.panel(compositionStrings.clearText).waitFor();
  await album.take(page, "composition", "Composition");
}

/** The call whose line was bad for half a minute, what it was made of, and what only QUIC and TLS have. */
async function callsAndStreams({ page, screen }: Viewer, album: Album): Promise<void> {
  const { calls, call, streams, mos, quic, tls } = mediaStrings;
  const press = (name: string) => screen.main.getByRole("button", { name, exact: true }).click();
  const firstRow = (title: string) => screen.panel(title).locator("tbody").getByRole("row").first();
  await screen.go("protocols");
  await press(calls.tab);
  await screen.panel(calls.title).getByRole("button", { name: mos.label, exact: true }).click();
  await firstRow(calls.title).waitFor();
  await album.take(page, "calls", "Calls");
  await firstRow(calls.title).click();
  await page.getByRole("region", { name: call.streams, exact: true }).waitFor();
  await album.take(page, "call", "A call in full: its streams side by side");
  await page.keyboard.press("Escape");
  await press("RTP");
  await screen.panel(streams.title).getByRole("button", { name: mos.label, exact: true }).click();
  await firstRow(streams.title).waitFor();
  await album.take(page, "rtp", "RTP: jitter, loss and streams");
  await firstRow(streams.title).click();
  await page.getByRole("region", { name: mos.basis, exact: true }).waitFor();
  await album.take(page, "stream", "A stream in full, and what its MOS rests on");
  await page.keyboard.press("Escape");
  await press("QUIC");
  await screen.panel(quic.versions).waitFor();
  await album.take(page, "quic", "QUIC");
  await press("TLS");
  await screen.panel(tls.ciphers).waitFor();
  await album.take(page, "tls", "TLS");
}

/** What the demo's bad line and download left behind. */
async function whatIsWrong({ page, screen }: Viewer, album: Album): Promise<void> {
  const { findings, summaries } = saidStrings;
  await screen.go("findings");
  await screen.main.getByRole("radio", { name: findings.all, exact: true }).click();
  await screen.main.getByRole("row").nth(1).click();
  await page.getByRole("region", { name: findings.sheet, exact: true }).waitFor();
  await album.take(page, "findings", "Findings: what is wrong, and what shows it");
  await page.keyboard.press("Escape");
  await screen.go("summaries");
  await screen.main.getByRole("list", { name: summaries.list }).getByRole("article").first().waitFor();
  await album.take(page, "summaries", "Summaries, minute by minute");
}

/** The session as a whole, when it is over. */
async function inWords({ page, screen }: Viewer, album: Album): Promise<void> {
  const { report, summaries } = saidStrings;
  await screen.go("summaries");
  await screen.panel(summaries.report).waitFor();
  await album.take(page, "summary-of-all", "The whole session in words");
  await screen.go("report");
  await page.getByText(report.final, { exact: true }).waitFor();
  await page.frameLocator("iframe").locator("h1").waitFor();
  await album.take(page, "report", "The report, to print, to save and to pass on");
}

const A_ROUND_MS = 130_000;

/** Waits until the demo has played for so long. */
async function playedUntil(screen: Screen, seconds: number): Promise<void> {
  const deadline_ms = Date.now() + A_ROUND_MS;
  while ((await screen.elapsed_s()) < seconds) {
    if (Date.now() > deadline_ms) throw new Error(`the demo does not reach its second ${seconds}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
