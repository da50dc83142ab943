/** The door for hosts, their places and their names. */

import type { Attribution } from "../generated/Attribution";
import type { CategorySums } from "../generated/CategorySums";
import type { CountrySums } from "../generated/CountrySums";
import type { DoubtReason } from "../generated/DoubtReason";
import type { Here } from "../generated/Here";
import type { Host } from "../generated/Host";
import type { HostApp } from "../generated/HostApp";
import type { HostCourse } from "../generated/HostCourse";
import type { HostDetail } from "../generated/HostDetail";
import type { HostGroup } from "../generated/HostGroup";
import type { HostListed } from "../generated/HostListed";
import type { HostName } from "../generated/HostName";
import type { HostPeer } from "../generated/HostPeer";
import type { HostProtocol } from "../generated/HostProtocol";
import type { HostStep } from "../generated/HostStep";
import type { HostWindow } from "../generated/HostWindow";
import type { Lookup } from "../generated/Lookup";
import type { Lookups } from "../generated/Lookups";
import type { NameSource } from "../generated/NameSource";
import type { Place } from "../generated/Place";
import type { PlaceDatabase } from "../generated/PlaceDatabase";
import type { PlaceDoubt } from "../generated/PlaceDoubt";
import type { PlaceHost } from "../generated/PlaceHost";
import type { PlaceSaid } from "../generated/PlaceSaid";
import type { PlaceSource } from "../generated/PlaceSource";
import type { PlaceSums } from "../generated/PlaceSums";
import type { PlacesTopic } from "../generated/PlacesTopic";
import type { Scope } from "../generated/Scope";
import type { Volume } from "../generated/Volume";
import { fields, flag, listOf, nullable, number, oneOf, type Shape, text } from "../lib/shape";
import { flowListed } from "./flow-shapes";

const scope: Shape<Scope> = oneOf(
  "global",
  "private",
  "shared",
  "loopback",
  "link_local",
  "multicast",
  "broadcast",
  "unspecified",
  "documentation",
  "benchmarking",
  "ipv4_mapped",
  "nat64",
  "teredo",
  "six_to_four",
  "reserved",
);

const nameSource: Shape<NameSource> = oneOf(
  "mdns",
  "dhcp",
  "netbios",
  "llmnr",
  "tls_sni",
  "quic_sni",
  "http_host",
  "dns",
  "table",
  "reverse_dns",
);

const placeSource: Shape<PlaceSource> = oneOf("table", "built_in", "database", "ip_api");

const doubtReason: Shape<DoubtReason> = oneOf("anycast", "too_far");

const placeDoubt = fields<PlaceDoubt>({
  reason: doubtReason,
  rtt_ms: nullable(number),
  reach_km: nullable(number),
  distance_km: nullable(number),
});

const placeFields = {
  country: nullable(text),
  region: nullable(text),
  city: nullable(text),
  latitude: nullable(number),
  longitude: nullable(number),
  asn: nullable(number),
  organization: nullable(text),
  anycast: flag,
  place_source: nullable(placeSource),
};

const hostApp = fields<HostApp>({ app: text, bytes: number });

const hostFields = {
  address: text,
  local: flag,
  scope,
  names: listOf(text),
  named: listOf(fields<HostName>({ name: text, source: nameSource })),
  ...placeFields,
  doubt: nullable(placeDoubt),
  packets_in: number,
  packets_out: number,
  bytes_in: number,
  bytes_out: number,
  flows: number,
  resent: number,
  protocols: listOf(text),
  rtt_ms: nullable(number),
  first_seen: nullable(text),
  last_seen: nullable(text),
  apps: listOf(hostApp),
};

export const host = fields<Host>(hostFields);

const hostListed = fields<HostListed>({
  active: flag,
  in_bps: nullable(number),
  out_bps: nullable(number),
  recent_bps: listOf(number),
  ...hostFields,
});

export const hostWindow = fields<HostWindow>({
  total: number,
  matched: number,
  forgotten: number,
  now_ms: nullable(number),
  rows: listOf(hostListed),
});

const hostStep = fields<HostStep>({
  in_bps: number,
  out_bps: number,
  packets_per_second: number,
  rtt_ms: nullable(number),
  resent: number,
});

const hostCourse = fields<HostCourse>({
  packets: number,
  first_packet: nullable(number),
  last_packet: nullable(number),
  is_cut: flag,
  from_ms: nullable(number),
  step_s: number,
  steps: listOf(hostStep),
});

const volume = fields<Volume>({ packets: number, bytes: number });

const hostPeer = fields<HostPeer>({
  address: text,
  name: nullable(text),
  country: nullable(text),
  doubt: nullable(placeDoubt),
  sent: volume,
  received: volume,
});

export const hostDetail = fields<HostDetail>({
  listed: hostListed,
  said: listOf(
    fields<PlaceSaid>({ source: placeSource, file: nullable(text), place: fields<Place>(placeFields) }),
  ),
  apps: listOf(hostApp),
  protocols: listOf(fields<HostProtocol>({ name: text, packets: number, bytes: number })),
  peers: listOf(hostPeer),
  flows: listOf(flowListed),
  flows_listed: number,
  course: hostCourse,
});

const hostGroup = fields<HostGroup>({ hosts: number, flows: number, bytes_from: number, bytes_to: number });

const placeSums = fields<PlaceSums>({
  country: nullable(text),
  region: nullable(text),
  city: nullable(text),
  latitude: number,
  longitude: number,
  is_country: flag,
  doubt: nullable(doubtReason),
  sums: hostGroup,
  categories: listOf(fields<CategorySums>({ category: nullable(text), flows: number, bytes: number })),
  top: listOf(
    fields<PlaceHost>({
      address: text,
      name: nullable(text),
      organization: nullable(text),
      app: nullable(text),
      bytes: number,
      doubt: nullable(placeDoubt),
    }),
  ),
});

const database = fields<PlaceDatabase>({
  file: nullable(text),
  kind: text,
  built: nullable(text),
  attribution: nullable(fields<Attribution>({ text, url: text })),
  problem: nullable(text),
});

const lookup = fields<Lookup>({
  on: flag,
  servers: listOf(text),
  asked: number,
  answered: number,
  failed: number,
  waiting: number,
  problem: nullable(text),
});

export const placesTopic = fields<PlacesTopic>({
  here: nullable(
    fields<Here>({
      country: nullable(text),
      latitude: number,
      longitude: number,
      source: oneOf("configured", "local_address", "time_zone", "demo"),
    }),
  ),
  places: listOf(placeSums),
  places_omitted: number,
  countries: listOf(fields<CountrySums>({ country: text, sums: hostGroup, doubtful: hostGroup })),
  unknown: hostGroup,
  not_global: hostGroup,
  databases: listOf(database),
  lookups: fields<Lookups>({ reverse_dns: lookup, ip_api: lookup }),
});
