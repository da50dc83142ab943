/** The numbers of the cards and of the pages for protocols and composition, against packets that were counted by hand. */

import { describe, expect } from "vitest";
import { compositionStrings } from "../src/lib/composition-strings";
import { protocolStrings } from "../src/lib/protocol-strings";
import { strings } from "../src/lib/strings";
import { captureFile } from "./packets/capture-file";
import { udp } from "./packets/frames";
import { CLIENT, GROUP, measured, SERVER } from "./packets/measured";
import type { Program } from "./rig/program";
import { test, type Watch } from "./rig/test";
import type { Viewer } from "./rig/viewer";

const { dashboard, states } = strings;
const { tcp, dns, icmp, igmp } = protocolStrings;

const SOON = { timeout: 10_000 };

async function opened(program: Program, watch: Watch): Promise<Viewer> {
  const viewer = await watch(program);
  const { screen } = viewer;
  const packets = measured();
  await screen.firstStart.waitFor();
  await screen.drop("measured.pcap", captureFile(packets, 1_700_000_000));
  await screen.state(states.finished).waitFor();
  await expect.poll(() => screen.packets(), SOON).toBe(packets.length);
  return viewer;
}

test("the_cards_tell_the_round_trip_and_what_was_sent_again", async ({ program, watch }) => {
  const { screen } = await opened(program, watch);
  // Every unambiguous segment of the client was acknowledged after 10 ms.
  await expect.poll(() => screen.reading(dashboard.roundTrip), SOON).toBe("10.0");
  expect(await screen.card(dashboard.roundTrip).innerText()).toMatch(/avg 10\.0/);
  // One of twelve segments with payload, ten up with a copy and the answer, is a copy: 8.33 %.
  expect(await screen.reading(dashboard.resentShort)).toBe("8.33");
  expect(await screen.card(dashboard.resentShort).innerText()).toMatch(/avg 8\.33/);
  await screen.panel(dashboard.roundTrips).waitFor();
});

describe("protocols", () => {
  test("tcp_shows_its_delays_events_and_connections", async ({ program, watch }) => {
    const { screen } = await opened(program, watch);
    await screen.go("protocols");
    await screen.panel(tcp.delays).waitFor();
    // Samples, least, mean and greatest; the percentiles between them may be off by 1 %.
    const delays = async (name: string) => {
      const [samples, min, mean, , , , max] = await screen.cells(tcp.delays, name);
      return [samples, min, mean, max];
    };
    // SYN and nine segments: the one that was sent twice is ambiguous.
    expect(await delays(tcp.far)).toEqual(["10", "10.0 ms", "10.0 ms", "10.0 ms"]);
    // SYN/ACK and answer.
    expect(await delays(tcp.near)).toEqual(["2", "1.00 ms", "1.00 ms", "1.00 ms"]);
    expect(await delays(tcp.handshake)).toEqual(["1", "11.0 ms", "11.0 ms", "11.0 ms"]);
    expect(await delays(tcp.response)).toEqual(["1", "50.0 ms", "50.0 ms", "50.0 ms"]);
    expect(await screen.figure(tcp.connections, tcp.counts.connections[0])).toBe("1");
    expect(await screen.figure(tcp.connections, tcp.counts.dataSegments[0])).toBe("12");
    expect(await screen.figure(tcp.connections, tcp.counts.resent[0])).toBe("1 (8.33 %)");
    expect(await screen.figure(tcp.connections, tcp.counts.ambiguous[0])).toBe("1");
    const { retransmissions, fast_retransmissions } = protocolStrings.tcpEvents;
    expect(await screen.figure(tcp.events, retransmissions[0])).toBe("1");
    expect(await screen.figure(tcp.events, fast_retransmissions[0])).toBe("0");
    // 26 packets are TCP, whatever they carry.
    expect((await screen.cells("TCP", protocolStrings.volume.packets)).at(-1)).toBe("26");
  });

  test("some_are_compared_side_by_side_and_the_address_keeps_which", async ({ program, watch }) => {
    const { page, screen } = await opened(program, watch);
    await screen.go("protocols");
    const press = (name: string) => screen.main.getByRole("button", { name, exact: true }).click();
    await press("DNS");
    await press(protocolStrings.compare);
    await press("ICMP");
    await press("IGMP");
    expect(new URL(page.url()).searchParams.get("protocols")).toBe("DNS,ICMP,IGMP");
    await page.reload();
    await screen.panel(dns.counts).waitFor();
    expect(await screen.figure(dns.counts, dns.queries)).toBe("2");
    expect(await screen.figure(dns.counts, dns.responses)).toBe("2");
    expect((await screen.cells(dns.delays, dns.queryToAnswer))[2]).toBe("25.0 ms");
    expect(await screen.panel(dns.rcodes).innerText()).toMatch(/NOERROR\s+100\.0%\s+2/);
    expect(await screen.panel(dns.learned).innerText()).toContain("www.example.com");
    // Three over IPv4 and one over IPv6.
    expect(await screen.figure(icmp.counts, icmp.requests)).toBe("4");
    expect((await screen.cells(icmp.delays, icmp.echo))[2]).toBe("18.0 ms");
    expect(await screen.figure(igmp.counts, igmp.joins[0])).toBe("1");
    expect(await screen.figure(igmp.counts, igmp.leaves)).toBe("1");
    expect(await screen.panel(igmp.groups).innerText()).toContain(GROUP);
    await screen.panel(tcp.delays).waitFor({ state: "detached" });
  });

  test("segments_sent_again_lead_to_the_flows_that_have_most_of_them", async ({ program, watch }) => {
    const { page, screen } = await opened(program, watch);
    await screen.go("protocols");
    await screen.panel(tcp.events).getByRole("button", { name: "1", exact: true }).click();
    await screen.flowFilter.waitFor();
    expect(new URL(page.url()).searchParams.get("sort")).toBe("resent");
    // Back is the page before, as it was.
    await page.goBack();
    await screen.panel(tcp.events).waitFor();
  });

  test("a_file_without_tcp_opens_on_what_there_is_in_it", async ({ program, watch }) => {
    const { screen } = await watch(program);
    const frame = udp({ address: CLIENT, port: 40_000 }, { address: SERVER, port: 9_999 }, Buffer.alloc(20));
    await screen.firstStart.waitFor();
    await screen.drop("udp.pcap", captureFile([{ at_s: 0, frame }], 1_700_000_000));
    await screen.state(states.finished).waitFor();
    await screen.go("protocols");
    await screen.panel("UDP").getByText(protocolStrings.volume.lastSecond).waitFor();
    expect(await screen.panel("TCP").count()).toBe(0);
    // A capture of no length has no average.
    expect((await screen.cells("UDP", protocolStrings.volume.packets))[1]).toBe("–");
  });

  test("one_that_nobody_spoke_says_so", async ({ program, watch }) => {
    const { screen } = await opened(program, watch);
    await screen.go("protocols");
    await screen.main.getByRole("button", { name: "QUIC", exact: true }).click();
    await screen.panel("QUIC").getByText(protocolStrings.none("QUIC")).waitFor();
  });
});

test("the_composition_counts_in_packets_and_names_what_can_be_read", async ({ program, watch }) => {
  const { page, screen } = await opened(program, watch);
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await screen.panel(compositionStrings.ip).waitFor();
  await screen.main.getByRole("radio", { name: compositionStrings.units.packets }).click();
  expect(new URL(page.url()).searchParams.get("unit")).toBe("packets");
  // Two of forty packets are IPv6; none belongs to a conversation that is known to be encrypted.
  const ip = await screen.panel(compositionStrings.ip).innerText();
  expect(ip).toMatch(/IPv4\s+95\.0%/);
  expect(ip).toMatch(/IPv6\s+5\.0%/);
  expect(await screen.panel(compositionStrings.encryption).innerText()).toMatch(/Encrypted\s+0\.0%/);
  const clear = screen.panel(compositionStrings.clearText).getByRole("button", { name: /^HTTP/ });
  await expect.poll(() => clear.innerText(), SOON).toContain("port 80");
  expect(await clear.innerText()).toContain(compositionStrings.ends(CLIENT, SERVER));
  await clear.click();
  await screen.flowFilter.waitFor();
  expect(new URL(page.url()).searchParams.get("protocol")).toBe("HTTP");
});
