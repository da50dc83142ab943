/** The words for what addresses are, and for what names and places are told by. Pages load them with themselves. */

import type { NameSource } from "../generated/NameSource";
import type { PlaceSource } from "../generated/PlaceSource";
import type { Scope } from "../generated/Scope";

const NAME_SOURCES: Record<NameSource, string> = {
  mdns: "mDNS",
  dhcp: "DHCP",
  netbios: "NetBIOS",
  llmnr: "LLMNR",
  tls_sni: "TLS SNI",
  quic_sni: "QUIC SNI",
  http_host: "HTTP host",
  dns: "DNS answer",
  table: "known services",
  reverse_dns: "reverse DNS",
};

const NAME_SOURCE_HINTS: Record<NameSource, string> = {
  mdns: "The host answered for this name by multicast DNS",
  dhcp: "The host gave this name when it asked for its address",
  netbios: "The host answered for this name by NetBIOS",
  llmnr: "The host answered for this name by LLMNR",
  tls_sni: "A client asked for this name in its first TLS message",
  quic_sni: "A client asked for this name in its first QUIC packets",
  http_host: "A client asked for this host over HTTP",
  dns: "A DNS answer gave this address for the name",
  table: "netsonde's own table of well-known services",
  reverse_dns: "A name server was asked for the name of this address",
};

const SCOPES: Record<Scope, string> = {
  global: "global",
  private: "private",
  shared: "carrier NAT",
  loopback: "loopback",
  link_local: "link-local",
  multicast: "multicast",
  broadcast: "broadcast",
  unspecified: "unspecified",
  documentation: "documentation",
  benchmarking: "benchmarking",
  ipv4_mapped: "IPv4-mapped",
  nat64: "NAT64",
  teredo: "Teredo",
  six_to_four: "6to4",
  reserved: "reserved",
};

const SCOPE_HINTS: Record<Scope, string> = {
  global: "Reachable all over the Internet",
  private: "Of a private network (RFC 1918), or a unique local one (RFC 4193)",
  shared: "Shared behind a carrier's translator (RFC 6598)",
  loopback: "This machine itself (RFC 1122, RFC 4291)",
  link_local: "Of one link only (RFC 3927, RFC 4291)",
  multicast: "A group of receivers (RFC 5771, RFC 4291)",
  broadcast: "Everybody on a link (RFC 919)",
  unspecified: "Nobody yet, or this network (RFC 791, RFC 4291)",
  documentation: "For documents (RFC 5737, RFC 3849, RFC 9637)",
  benchmarking: "For benchmarks (RFC 2544, RFC 5180)",
  ipv4_mapped: "An IPv4 address written as one of IPv6 (RFC 4291)",
  nat64: "An IPv4 address behind a translator (RFC 6052, RFC 8215)",
  teredo: "A tunnel of Teredo (RFC 4380)",
  six_to_four: "A tunnel of 6to4 (RFC 3056)",
  reserved: "For protocols and not for hosts, or not given out (RFC 6890)",
};

const PLACE_SOURCE_HINTS: Record<PlaceSource, string> = {
  table: "netsonde's own table of well-known services",
  built_in: "The countries of address ranges that come with netsonde",
  database: "A database that was found on this machine",
  ip_api: "ip-api.com was asked",
};

export const originStrings = {
  nameSources: NAME_SOURCES,
  nameSourceHints: NAME_SOURCE_HINTS,
  scopes: SCOPES,
  scopeHints: SCOPE_HINTS,
  placeSourceHints: PLACE_SOURCE_HINTS,
} as const;
