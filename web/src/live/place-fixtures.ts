/** Hosts and places for tests. */

import type { Host } from "../generated/Host";
import type { HostGroup } from "../generated/HostGroup";
import type { HostListed } from "../generated/HostListed";
import type { Lookup } from "../generated/Lookup";
import type { PlaceSums } from "../generated/PlaceSums";
import type { PlacesTopic } from "../generated/PlacesTopic";

/** A host that nothing is known of. */
export function host(address: string, parts: Partial<Host> = {}): Host {
  return {
    address,
    local: false,
    scope: "global",
    names: [],
    named: [],
    country: null,
    region: null,
    city: null,
    latitude: null,
    longitude: null,
    asn: null,
    organization: null,
    anycast: false,
    place_source: null,
    doubt: null,
    packets_in: 0,
    packets_out: 0,
    bytes_in: 0,
    bytes_out: 0,
    flows: 0,
    resent: 0,
    protocols: [],
    rtt_ms: null,
    first_seen: null,
    last_seen: null,
    apps: [],
    ...parts,
  };
}

export function hostListed(address: string, parts: Partial<HostListed> = {}): HostListed {
  return { active: false, in_bps: null, out_bps: null, recent_bps: [], ...host(address), ...parts };
}

export function hostGroup(hosts = 0, bytes = 0, flows = hosts): HostGroup {
  return { hosts, flows, bytes_from: bytes, bytes_to: 0 };
}

/** A country of which no city is known. */
export function placeSums(country: string, parts: Partial<PlaceSums> = {}): PlaceSums {
  return {
    country,
    region: null,
    city: null,
    latitude: 0,
    longitude: 0,
    is_country: true,
    doubt: null,
    sums: hostGroup(),
    categories: [],
    top: [],
    ...parts,
  };
}

function lookup(): Lookup {
  return { on: false, servers: [], asked: 0, answered: 0, failed: 0, waiting: 0, problem: null };
}

/** The places of a session without hosts. */
export function placesTopic(parts: Partial<PlacesTopic> = {}): PlacesTopic {
  return {
    here: null,
    places: [],
    places_omitted: 0,
    countries: [],
    unknown: hostGroup(),
    not_global: hostGroup(),
    databases: [],
    lookups: { reverse_dns: lookup(), ip_api: lookup() },
    ...parts,
  };
}
