/** What stands at one point of the map, how large it is, and what is drawn as one. */

import type { CountrySums } from "../../generated/CountrySums";
import type { DoubtReason } from "../../generated/DoubtReason";
import type { HostGroup } from "../../generated/HostGroup";
import type { PlaceHost } from "../../generated/PlaceHost";
import type { PlaceSums } from "../../generated/PlaceSums";
import type { PlacesTopic } from "../../generated/PlacesTopic";
import { placeStrings } from "../../lib/place-strings";
import { countryName, placeKey } from "../../lib/places";

/** By what sizes are told. */
export const MEASURES = ["bytes", "flows"] as const;

export type Measure = (typeof MEASURES)[number];

/** What is looked at: one category, or all (`null`). */
export interface Shown {
  category: string | null;
  by: Measure;
}

/** A city or a country, with the hosts that are there and those that are said to be. */
export interface Spot {
  /** What `amount` and its parts are of. */
  shown: Shown;
  key: string;
  name: string;
  country: string | null;
  city: string | null;
  region: string | null;
  latitude: number;
  longitude: number;
  /** No more than the country is known. */
  isCountry: boolean;
  /** The measure of what nothing speaks against. */
  sure: number;
  /** The measure of what is not there. */
  doubtful: number;
  amount: number;
  /** Why not: of its largest doubtful part. */
  reason: DoubtReason | null;
  hosts: number;
  flows: number;
  bytes: number;
  bytesFrom: number;
  bytesTo: number;
  /** Its hosts with the most bytes. */
  top: readonly PlaceHost[];
  categories: readonly { category: string | null; bytes: number; flows: number }[];
}

function measured({ flows, bytes_from, bytes_to }: HostGroup, by: Measure): number {
  return by === "flows" ? flows : bytes_from + bytes_to;
}

/** What a place measures: in one category, or as a whole. */
export function amountOf({ sums, categories }: Pick<PlaceSums, "sums" | "categories">, shown: Shown): number {
  const { category, by } = shown;
  if (category === null) return measured(sums, by);
  return categories.find((one) => one.category === category)?.[by] ?? 0;
}

export function keyOf(place: PlaceSums): string {
  const known = place.is_country ? { ...place, latitude: null, longitude: null } : place;
  return placeKey(known) ?? `${place.latitude.toFixed(1)},${place.longitude.toFixed(1)}`;
}

/** What an address of the map opens: a place, or all that is in a country. */
export interface Opened extends Omit<Spot, "latitude" | "longitude"> {
  /** The country's hosts at places that are left out of those told. */
  omitted: number;
  /** Told of all categories though one is looked at: of hosts that are left out there is no more. */
  ofAll: boolean;
}

type Told = Pick<PlacesTopic, "countries" | "places">;

/**
 * What an address of the map opens. Addresses name cities without their regions where there is one of the name only; a
 * country is all that is in it, wherever its hosts are.
 */
export function openOf(topic: Told, shown: Shown, sel: string): Opened | null {
  const country = topic.countries.find((one) => one.country === sel);
  if (country !== undefined) return countryOf(topic.places, shown, country);
  const spots = spotsOf(topic.places, shown);
  const named = spots.filter(({ country, city }) => city !== null && `${country}/${city}` === sel);
  const found = spots.find(({ key }) => key === sel) ?? (named.length === 1 ? named[0] : undefined);
  return found === undefined ? null : { ...found, omitted: 0, ofAll: false };
}

/** A country is told as a whole, by category those of its places that are told, if there are any; `null` where none of it is in what is looked at. */
function countryOf(
  places: readonly PlaceSums[],
  shown: Shown,
  { country, sums, doubtful }: CountrySums,
): Opened | null {
  const inside = places.filter((place) => place.country === country);
  const parts = inside.filter((place) => amountOf(place, shown) > 0);
  const omitted = Math.max(0, sums.hosts - inside.reduce((all, place) => all + place.sums.hosts, 0));
  if (parts.length === 0 && omitted === 0) return null;
  const amount = measured(sums, shown.by);
  const whole = {
    sure: amount - measured(doubtful, shown.by),
    doubtful: measured(doubtful, shown.by),
    amount,
    ...toldOf(sums),
  };
  const ofAll = shown.category !== null && parts.length === 0;
  return {
    ...sumsOf(parts, shown),
    ...(shown.category === null || ofAll ? whole : {}),
    key: country,
    name: countryName(country),
    country,
    city: null,
    region: null,
    isCountry: omitted === 0 && parts.every((place) => place.is_country),
    omitted,
    ofAll,
  };
}

/** By what its hosts are placed. */
export function precisionOf({
  isCountry,
  city,
}: Pick<Spot, "isCountry" | "city">): "country" | "area" | "city" {
  if (isCountry) return "country";
  return city === null ? "area" : "city";
}

/** The points of the map with anything to show, the largest first. What is there and what is not there meet at one. */
export function spotsOf(places: readonly PlaceSums[], shown: Shown): Spot[] {
  const parts = new Map<string, PlaceSums[]>();
  for (const place of places) {
    if (amountOf(place, shown) <= 0) continue;
    const key = keyOf(place);
    parts.set(key, [...(parts.get(key) ?? []), place]);
  }
  return [...parts]
    .map(([key, found]) => spotOf(key, found, shown))
    .sort((a, b) => b.amount - a.amount || (a.key < b.key ? -1 : 1));
}

const MOST_TOP = 8;

function spotOf(key: string, parts: readonly PlaceSums[], shown: Shown): Spot {
  const [first] = parts;
  if (first === undefined) throw new Error("a spot is made of at least one place");
  const { country, city, region, latitude, longitude, is_country } = first;
  return {
    ...sumsOf(parts, shown),
    key,
    name:
      (is_country ? null : city) ?? (country === null ? placeStrings.unknownCountry : countryName(country)),
    country,
    city: is_country ? null : city,
    region: is_country ? null : region,
    latitude,
    longitude,
    isCountry: is_country,
  };
}

/** What places measure together. */
function sumsOf(parts: readonly PlaceSums[], shown: Shown) {
  const doubted = parts.filter(({ doubt }) => doubt !== null);
  const amounts = (of: readonly PlaceSums[]) => of.reduce((all, part) => all + amountOf(part, shown), 0);
  const [amount, doubtful] = [amounts(parts), amounts(doubted)];
  const sum: HostGroup = { hosts: 0, flows: 0, bytes_from: 0, bytes_to: 0 };
  for (const { sums } of parts) {
    sum.hosts += sums.hosts;
    sum.flows += sums.flows;
    sum.bytes_from += sums.bytes_from;
    sum.bytes_to += sums.bytes_to;
  }
  return {
    shown,
    sure: amount - doubtful,
    doubtful,
    amount,
    reason: largest(doubted, shown)?.doubt ?? null,
    ...toldOf(sum),
    top: parts
      .flatMap(({ top }) => top)
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, MOST_TOP),
    categories: joined(parts),
  };
}

function toldOf(sums: HostGroup) {
  const { hosts, flows, bytes_from: bytesFrom, bytes_to: bytesTo } = sums;
  return { hosts, flows, bytes: measured(sums, "bytes"), bytesFrom, bytesTo };
}

function largest(parts: readonly PlaceSums[], shown: Shown): PlaceSums | undefined {
  return parts.toSorted((a, b) => amountOf(b, shown) - amountOf(a, shown))[0];
}

function joined(parts: readonly PlaceSums[]): Spot["categories"] {
  const sums = new Map<string | null, { category: string | null; bytes: number; flows: number }>();
  for (const { category, bytes, flows } of parts.flatMap(({ categories }) => categories)) {
    const sum = sums.get(category);
    if (sum === undefined) sums.set(category, { category, bytes, flows });
    else {
      sum.bytes += bytes;
      sum.flows += flows;
    }
  }
  return [...sums.values()].sort((a, b) => b.bytes - a.bytes);
}

/** Nobody there is where it is said to be: it is drawn hollow. */
export function isHollow({ sure }: Pick<Spot, "sure">): boolean {
  return sure <= 0;
}

export const LEAST_RADIUS = 3.5;
const MOST_RADIUS = 17;

/** A circle's area is its measure; the least one can still be seen. */
export function radiusOf(amount: number, most: number): number {
  if (most <= 0 || amount <= 0) return LEAST_RADIUS;
  return Math.max(LEAST_RADIUS, MOST_RADIUS * Math.sqrt(Math.min(1, amount / most)));
}

const LEAST_ARC = 1;
const MOST_ARC = 5;

/** An arc's width follows its measure. */
export function arcWidthOf(amount: number, most: number): number {
  return most <= 0 ? LEAST_ARC : LEAST_ARC + (MOST_ARC - LEAST_ARC) * Math.min(1, amount / most);
}

/** A spot on the screen, in pixels. */
export interface Placed {
  spot: Spot;
  x: number;
  y: number;
}

/** What is drawn as one, because it would lie on top of each other. */
export interface Cluster {
  /** Of its largest spot. */
  x: number;
  y: number;
  /** The largest first. */
  spots: readonly Spot[];
  amount: number;
}

/** What lies nearer than this to something larger is drawn with it, in pixels. */
export const NEAR_PX = 14;

/** Groups what lies close together; a country stays on its own, as its mark is in no city. `placed` has the largest first, and each group stands where its largest one is. */
export function clustersOf(placed: readonly Placed[], near_px = NEAR_PX): Cluster[] {
  const clusters: { x: number; y: number; spots: Spot[]; amount: number }[] = [];
  for (const { spot, x, y } of placed) {
    const isNear = (one: Cluster) =>
      one.spots[0]?.isCountry !== true && Math.hypot(one.x - x, one.y - y) < near_px;
    const near = spot.isCountry ? undefined : clusters.find(isNear);
    if (near === undefined) clusters.push({ x, y, spots: [spot], amount: spot.amount });
    else {
      near.spots.push(spot);
      near.amount += spot.amount;
    }
  }
  return clusters;
}

export interface CategoryAmount {
  category: string;
  amount: number;
}

/** The categories that are anywhere on the map, the largest first. */
export function categoriesOf(places: readonly PlaceSums[], by: Measure): CategoryAmount[] {
  const sums = new Map<string, number>();
  for (const one of places.flatMap(({ categories }) => categories))
    if (one.category !== null) sums.set(one.category, (sums.get(one.category) ?? 0) + one[by]);
  return [...sums]
    .map(([category, amount]) => ({ category, amount }))
    .filter(({ amount }) => amount > 0)
    .sort((a, b) => b.amount - a.amount || (a.category < b.category ? -1 : 1));
}

export interface CountryAmount {
  country: string;
  amount: number;
  doubtful: number;
}

/** The countries, the largest first. All of them are told as a whole only; by category those of the places are added up. */
export function countriesOf(topic: Told, shown: Shown): CountryAmount[] {
  const { category, by } = shown;
  const found =
    category === null
      ? topic.countries.map(({ country, sums, doubtful }) => ({
          country,
          amount: measured(sums, by),
          doubtful: measured(doubtful, by),
        }))
      : addedUp(topic.places, shown);
  return found
    .filter(({ amount }) => amount > 0)
    .sort((a, b) => b.amount - a.amount || (a.country < b.country ? -1 : 1));
}

function addedUp(places: readonly PlaceSums[], shown: Shown): CountryAmount[] {
  const sums = new Map<string, CountryAmount>();
  for (const place of places) {
    if (place.country === null) continue;
    const amount = amountOf(place, shown);
    const sum = sums.get(place.country) ?? { country: place.country, amount: 0, doubtful: 0 };
    sum.amount += amount;
    if (place.doubt !== null) sum.doubtful += amount;
    sums.set(place.country, sum);
  }
  return [...sums.values()];
}

/** The spots whose measure grew from one publication to the next. */
export function movedOf(before: readonly Spot[], after: readonly Spot[]): ReadonlySet<string> {
  const amounts = new Map(before.map(({ key, amount }) => [key, amount]));
  return new Set(
    after.filter(({ key, amount }) => amount > (amounts.get(key) ?? amount)).map(({ key }) => key),
  );
}
