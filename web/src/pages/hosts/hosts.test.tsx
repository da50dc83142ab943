// @vitest-environment jsdom

import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HostDetail } from "../../generated/HostDetail";
import type { HostListed } from "../../generated/HostListed";
import type { Lookup } from "../../generated/Lookup";
import { hostStrings } from "../../lib/host-strings";
import { originStrings } from "../../lib/origin-strings";
import { hostDetail, Refused, setLookups } from "../../live/client";
import { status } from "../../live/fixtures";
import { hostGroup, hostListed, placesTopic } from "../../live/place-fixtures";
import { useSession } from "../../live/session";
import { COLUMNS } from "./columns";
import { HostCell } from "./HostCell";
import { HostSheet } from "./HostSheet";
import { countryOptions } from "./HostTools";
import type { HostOrder } from "./host-list";
import { LookupsPanel } from "./LookupsPanel";
import { NoHosts } from "./NoHosts";

vi.mock(import("../../live/client"), async (original) => ({
  ...(await original()),
  setLookups: vi.fn(),
  hostDetail: vi.fn(),
}));
// Where a link leads is the router's matter; here it tells what it was asked for.
vi.mock(import("@tanstack/react-router"), async (original) => ({
  ...(await original()),
  useRouter: (() => ({})) as never,
  Link: (({ children, to, search }: { children: ReactNode; to: string; search: object }) => (
    <a href={`${to}?${JSON.stringify(search)}`}>{children}</a>
  )) as never,
}));
vi.mock("../../components/TimeChart", () => ({
  TimeChart: ({ title, unit }: { title: string; unit: string }) => <figure aria-label={title}>{unit}</figure>,
}));

beforeEach(() => {
  useSession.setState({
    status: status({ state: "finished" }),
    connection: { state: "open" } as never,
    places: null,
  });
});
afterEach(cleanup);

const { sheet, lookups: words } = hostStrings;

function show(node: ReactNode): HTMLElement {
  return render(<Tooltip.Provider>{node}</Tooltip.Provider>).container;
}

function cell(id: string, host: HostListed): HTMLElement {
  const column = COLUMNS.find((one) => one.id === id);
  if (column === undefined) throw new Error(`there is no column ${id}`);
  return show(<HostCell column={column} host={host} />);
}

const FAR = { reason: "too_far", rtt_ms: 4, reach_km: 400, distance_km: 6_137 } as const;

describe("a row of the list", () => {
  it("names_the_host_its_country_and_what_its_address_is", () => {
    const host = hostListed("198.51.100.7", {
      named: [{ name: "www.example.org", source: "tls_sni" }],
      country: "DE",
      scope: "documentation",
    });
    const text = cell("host", host).textContent;
    expect(text).toContain("www.example.org");
    expect(text).toContain("198.51.100.7");
    // The code for the eye, the name for the ear.
    expect(text).toContain("DEGermany");
    expect(screen.getByText("documentation").title).toContain("RFC 5737");
  });

  it("of_a_local_host_says_so_and_a_global_scope_needs_no_word", () => {
    const text = cell("host", hostListed("8.8.8.8", { local: true })).textContent;
    expect(screen.getByRole("img", { name: hostStrings.local })).toBeTruthy();
    expect(text).not.toContain(originStrings.scopes.global);
  });

  it("of_a_host_that_is_not_there_crosses_the_country_out_and_says_why", () => {
    const container = cell("host", hostListed("203.0.113.9", { country: "US", doubt: FAR }));
    expect(container.textContent).toContain("not there");
    expect(container.querySelector("[title*='light in fibre comes 400 km far']")).not.toBeNull();
  });

  it("shows_a_name_of_a_stranger_in_a_direction_of_its_own", () => {
    const container = cell(
      "name",
      hostListed("192.0.2.1", { named: [{ name: "\u202egro", source: "dns" }] }),
    );
    expect(container.querySelector("bdi")?.textContent).toBe("\u202egro");
  });
});

function detail(parts: Partial<HostDetail> = {}, host: Partial<HostListed> = {}): HostDetail {
  return {
    listed: hostListed("192.0.2.7", { packets_in: 1, ...host }),
    said: [],
    apps: [],
    protocols: [],
    peers: [],
    flows: [],
    flows_listed: 0,
    course: {
      packets: 1,
      first_packet: 1,
      last_packet: 1,
      is_cut: false,
      from_ms: 0,
      step_s: 1,
      steps: [{ in_bps: 1, out_bps: 1, packets_per_second: 1, rtt_ms: null, resent: 0 }],
    },
    ...parts,
  };
}

async function open(known: HostDetail, onOpen = vi.fn()): Promise<HTMLElement> {
  vi.mocked(hostDetail).mockResolvedValue(known);
  show(<HostSheet address={known.listed.address} onClose={vi.fn()} onOpen={onOpen} />);
  return screen.findByRole("region", { name: sheet.facts });
}

const NOWHERE = {
  country: null,
  region: null,
  city: null,
  latitude: null,
  longitude: null,
  asn: null,
  organization: null,
  anycast: false,
  place_source: null,
};

describe("the sheet of a host", () => {
  it("says_each_name_with_who_says_so", async () => {
    const named = [
      { name: "www.example.org", source: "tls_sni" },
      { name: "host-7.example.net", source: "reverse_dns" },
    ] as const;
    const facts = await open(detail({}, { named: [...named] }));
    expect(within(facts).getByText("TLS SNI")).toBeTruthy();
    expect(within(facts).getByText("reverse DNS")).toBeTruthy();
  });

  it("says_where_it_is_how_exactly_and_by_whom", async () => {
    const at = { latitude: 48.85, longitude: 2.35 };
    const place = { country: "FR", city: "Paris", ...at, place_source: "database" } as const;
    const said = { source: "database", file: "city.mmdb", place: { ...NOWHERE, ...place } } as const;
    const facts = await open(detail({ said: [said] }, place));
    expect(facts.textContent).toContain("Paris, France");
    expect(facts.textContent).toContain("city");
    expect(facts.textContent).toContain("database city.mmdb");
    const map = screen.getByRole("link", { name: sheet.showOnMap });
    expect(map.getAttribute("href")).toBe('/map?{"sel":"FR/Paris"}');
  });

  it("doubts_in_a_sentence_with_its_numbers", async () => {
    const facts = await open(detail({}, { country: "US", place_source: "built_in", doubt: FAR }));
    expect(facts.textContent).toContain("country-level");
    expect(facts.textContent).toContain("Not there: answers in 4.00 ms, light in fibre comes 400 km far");
  });

  it("of_an_address_that_is_nowhere_leads_to_no_map", async () => {
    const facts = await open(detail({}, { scope: "private", local: true }));
    expect(facts.textContent).toContain("RFC 1918");
    expect(facts.textContent).toContain(sheet.nowhere);
    expect(screen.queryByRole("link", { name: sheet.showOnMap })).toBeNull();
  });

  it("draws_four_charts_and_leads_on_to_peers_packets_and_flows", async () => {
    const onOpen = vi.fn();
    const volume = { packets: 1, bytes: 1_000 };
    const peer = {
      address: "192.0.2.9",
      name: null,
      country: null,
      doubt: null,
      sent: volume,
      received: volume,
    };
    await open(detail({ peers: [peer] }), onOpen);
    expect(screen.getAllByRole("figure").map((chart) => chart.textContent)).toEqual([
      "b/s",
      "pkt/s",
      "ms",
      "segments",
    ]);
    fireEvent.click(screen.getByTitle(sheet.openHost("192.0.2.9")));
    expect(onOpen).toHaveBeenCalledWith("192.0.2.9");
    const search = '{"filter":"192.0.2.7"}';
    expect(screen.getByRole("link", { name: sheet.showPackets }).getAttribute("href")).toBe(
      `/live?${search}`,
    );
    expect(screen.getByRole("link", { name: sheet.showFlows }).getAttribute("href")).toBe(`/flows?${search}`);
  });

  it("lists_all_that_is_said_of_its_place_also_where_it_differs", async () => {
    const said = [
      {
        source: "database",
        file: "city.mmdb",
        place: { ...NOWHERE, country: "FR", city: "Paris", latitude: 48.85, longitude: -2.35 },
      },
      { source: "built_in", file: null, place: { ...NOWHERE, country: "US" } },
    ] as const;
    await open(detail({ said: [...said] }));
    const part = screen.getByRole("region", { name: sheet.said });
    expect(part.textContent).toContain("Paris, France");
    expect(within(part).getByText("Paris").tagName).toBe("BDI");
    // 48.85 rounds to 48.9 (48.85 is a little more in binary); 2.35 is west where it is negative.
    expect(within(part).getByText(/48\.\d° N, 2\.\d° W/)).toBeTruthy();
    expect(within(part).getByText("United States")).toBeTruthy();
  });

  it("of_a_host_that_is_not_listed_any_more_says_so", async () => {
    vi.mocked(hostDetail).mockRejectedValue(new Refused("there is no host 192.0.2.7", "not_found"));
    show(<HostSheet address="192.0.2.7" onClose={vi.fn()} onOpen={vi.fn()} />);
    expect(await screen.findByText(sheet.gone)).toBeTruthy();
  });
});

describe("the look-ups", () => {
  const idle: Lookup = {
    on: false,
    servers: ["192.0.2.53"],
    asked: 0,
    answered: 0,
    failed: 0,
    waiting: 0,
    problem: null,
  };
  const panel = (reverse_dns: Partial<Lookup>, ip_api: Partial<Lookup> = {}) => {
    const lookups = {
      reverse_dns: { ...idle, ...reverse_dns },
      ip_api: { ...idle, servers: ["ip-api.com"], ...ip_api },
    };
    show(<LookupsPanel places={placesTopic({ lookups })} />);
    fireEvent.click(screen.getByRole("button", { expanded: false }));
  };

  it("are_collapsed_at_first_and_still_say_whether_anybody_is_asked", () => {
    show(<LookupsPanel places={placesTopic()} />);
    const button = screen.getByRole("button", { expanded: false });
    expect(button.textContent).toContain("Reverse DNS off, ip-api.com off");
    expect(screen.queryByRole("switch")).toBeNull();
  });

  it("say_who_is_asked_and_what_is_sent_before_they_are_turned_on", async () => {
    panel({});
    const reverse = screen.getByRole("switch", { name: words.turnOn(words.reverseDns) });
    expect(reverse.getAttribute("aria-checked")).toBe("false");
    expect(screen.getByText("The address of each remote host is sent to 192.0.2.53.")).toBeTruthy();
    expect(
      screen.getByText("The address of each remote host is sent to ip-api.com, a company, unencrypted."),
    ).toBeTruthy();
    vi.mocked(setLookups).mockResolvedValue();
    fireEvent.click(reverse);
    // What is not pressed stays as it is.
    await waitFor(() => expect(setLookups).toHaveBeenCalledWith({ reverse_dns: true, ip_api: null }));
  });

  it("without_anybody_to_ask_cannot_be_turned_on", () => {
    panel({ servers: [] });
    const reverse = screen.getByRole("switch", { name: words.turnOn(words.reverseDns) });
    expect(reverse.hasAttribute("disabled")).toBe(true);
    expect(screen.getByText(words.noServers)).toBeTruthy();
  });

  it("count_and_tell_what_keeps_them", () => {
    panel({ on: true, asked: 1_200, answered: 1_100, failed: 7, waiting: 93, problem: "no answer for 30 s" });
    expect(screen.getByText("1,200")).toBeTruthy();
    expect(screen.getByText("no answer for 30 s")).toBeTruthy();
  });

  it("say_why_a_press_did_nothing", async () => {
    vi.mocked(setLookups).mockRejectedValue(new Refused("look-ups are off by configuration", "bad_request"));
    panel({ on: true });
    fireEvent.click(screen.getByRole("switch", { name: words.turnOn(words.reverseDns) }));
    expect((await screen.findByRole("alert")).textContent).toBe("look-ups are off by configuration");
  });
});

describe("the choice of countries", () => {
  const sums = (country: string, hosts: number) => ({
    country,
    sums: hostGroup(hosts),
    doubtful: hostGroup(),
  });

  it("is_in_order_of_their_names_with_their_hosts", () => {
    expect(countryOptions([sums("US", 12), sums("DE", 3)], null)).toEqual([
      { code: "DE", label: "Germany (3)" },
      { code: "US", label: "United States (12)" },
    ]);
  });

  it("keeps_the_one_that_is_chosen_also_where_it_has_no_hosts", () => {
    expect(countryOptions([], "FR")).toEqual([{ code: "FR", label: "France (0)" }]);
    expect(countryOptions([], "")).toEqual([]);
  });
});

describe("a list without rows", () => {
  const order: HostOrder = {
    sort: "bytes",
    descending: true,
    text: null,
    local: null,
    country: null,
    app: null,
    active: false,
  };
  const list = { matched: 0, total: 5, problem: null };

  it("says_what_none_fits", () => {
    show(<NoHosts list={list} order={{ ...order, country: "FR", local: false }} onClear={vi.fn()} />);
    expect(screen.getByText("No host fits “Remote France”.")).toBeTruthy();
  });

  it("whose_hosts_fell_silent_says_so", () => {
    show(<NoHosts list={list} order={{ ...order, active: true }} onClear={vi.fn()} />);
    expect(screen.getByText(hostStrings.noneActive)).toBeTruthy();
  });
});
