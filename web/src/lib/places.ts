/** Where hosts are and what they are called, in words. */

import type { Host } from "../generated/Host";
import type { Place } from "../generated/Place";
import type { PlaceDatabase } from "../generated/PlaceDatabase";
import type { PlaceDoubt } from "../generated/PlaceDoubt";
import type { PlaceSource } from "../generated/PlaceSource";
import { count, delayText } from "./format";
import { placeStrings as words } from "./place-strings";

/** What an ISO 3166-1 alpha-2 code looks like. */
const CODE = /^[A-Z]{2}$/;

/** Read once: a page of hosts asks for hundreds of names a second. */
let names: Intl.DisplayNames | null = null;
const known = new Map<string, string>();

/** The country's name in English; a code that nobody knows is its own name. */
export function countryName(code: string): string {
  const found = known.get(code);
  if (found !== undefined) return found;
  names ??= new Intl.DisplayNames("en", { type: "region", fallback: "code" });
  const name = CODE.test(code) ? (names.of(code) ?? code) : code;
  known.set(code, name);
  return name;
}

/** What is known of where something is, from the smallest to the largest; empty where nobody knows. */
export function placeParts({ city, region, country }: Pick<Place, "city" | "region" | "country">): string[] {
  const parts = [city, region === city ? null : region, country === null ? null : countryName(country)];
  return parts.filter((part): part is string => part !== null && part !== "");
}

/** The same in one: `Paris, Île-de-France, France`; `null` where nobody knows. */
export function placeText(place: Pick<Place, "city" | "region" | "country">): string | null {
  const told = placeParts(place);
  return told.length === 0 ? null : told.join(", ");
}

type Pointed = Pick<Place, "city" | "country" | "latitude" | "longitude">;

/** How exactly the place is known; `null` where it is not known at all. */
export function precisionText({ city, country, latitude, longitude }: Pointed): string | null {
  if (city !== null) return words.precision.city;
  if (latitude !== null && longitude !== null) return words.precision.area;
  return country === null ? null : words.precision.country;
}

/** Who says where something is: `built in`, `database city.mmdb`. */
export function placeSourceText(source: PlaceSource, file: string | null = null): string {
  const text = words.placeSources[source];
  return file === null ? text : words.sourceFile(text, file);
}

/** How the addresses of the map name a place: `US`, `US/Massachusetts/Springfield`, `US/42.1,-72.6` where no city is known. */
export function placeKey(place: Pointed & Pick<Place, "region">): string | null {
  const { city, region, country, latitude, longitude } = place;
  if (latitude === null || longitude === null) return country;
  const point = `${latitude.toFixed(1)},${longitude.toFixed(1)}`;
  return [country, city === null ? null : region, city ?? point].filter((part) => part !== null).join("/");
}

/** The most trusted name; `null` where it has none. */
export function bestName({ named, names: all }: Pick<Host, "named" | "names">): string | null {
  return named[0]?.name ?? all[0] ?? null;
}

/** The number of an autonomous system as everybody writes it, without grouping: `AS64496`. */
export function asnText(asn: number): string {
  return words.asn(String(asn));
}

/** More digits would say more than is known. */
const DISTANCE_DIGITS = 3;

/** How far something is, in three digits: `6,140 km`. */
export function distanceText(km: number): string {
  return words.km(count(Number(km.toPrecision(DISTANCE_DIGITS))));
}

/** Why something is not where it is said to be, in a sentence. */
export function doubtText({ reason, rtt_ms, reach_km, distance_km }: PlaceDoubt): string {
  if (reason === "anycast") return words.anycast;
  if (rtt_ms === null || reach_km === null || distance_km === null) return words.tooFarUnmeasured;
  return words.tooFar(delayText(rtt_ms), distanceText(reach_km), distanceText(distance_km));
}

/** The same as a mark beside the place. */
export function doubtMark({ reason }: Pick<PlaceDoubt, "reason">): string {
  return reason === "anycast" ? words.notThereAnycast : words.notThereTooFar;
}

export interface Credit {
  text: string;
  url: string;
}

/** Whom the licences of databases ask to be named, each once. One that is not in use asks for nothing. */
export function creditsOf(databases: readonly PlaceDatabase[]): Credit[] {
  const found = new Map<string, Credit>();
  for (const { attribution } of databases) {
    // A licence asks for a link that leads somewhere: an address of another kind would run what it holds.
    if (attribution === null || !/^https?:\/\//i.test(attribution.url)) continue;
    found.set(`${attribution.text} ${attribution.url}`, attribution);
  }
  return [...found.values()];
}
