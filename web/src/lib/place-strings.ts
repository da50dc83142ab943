/** The words for places, of which the first page has a few. Numbers come formatted. */

import type { HereSource } from "../generated/HereSource";
import type { PlaceSource } from "../generated/PlaceSource";

const PLACE_SOURCES: Record<PlaceSource, string> = {
  table: "known services",
  built_in: "built in",
  database: "database",
  ip_api: "ip-api.com",
};

const HERE_SOURCES: Record<HereSource, string> = {
  configured: "configured",
  local_address: "by a local address that is global",
  time_zone: "by this machine's time zone",
  demo: "the demo's office",
};

export const placeStrings = {
  placeSources: PLACE_SOURCES,
  hereSources: HERE_SOURCES,
  sourceFile: (source: string, file: string) => `${source} ${file}`,
  unknownCountry: "Unknown country",
  km: (distance: string) => `${distance} km`,
  asn: (number: string) => `AS${number}`,
  precision: { country: "country-level", area: "area", city: "city" },
  /** What a place is marked with where something speaks against it. */
  notThere: "not there",
  notThereAnycast: "not there (anycast)",
  notThereTooFar: "not there (anycast or CDN)",
  anycast: "Not there: the address is announced from many places (anycast).",
  tooFar: (rtt: string, reach: string, distance: string) =>
    `Not there: answers in ${rtt}, light in fibre comes ${reach} far; the place is ${distance} away.`,
  tooFarUnmeasured: "Not there: it answers faster than light gets there and back.",
  credits: "Places:",
} as const;
