/** The countries as shapes, coarse at once and finer when somebody looks closely. */

import type { Feature, FeatureCollection, Geometry, MultiLineString, MultiPolygon, Polygon } from "geojson";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { COUNTRY_CODES } from "./country-codes";

/** A file of world-atlas. */
export type Atlas = Topology<{ countries: GeometryCollection<{ name: string }>; land: GeometryCollection }>;

export interface Country {
  /** ISO 3166-1 alpha-2; `null` for what has none. */
  code: string | null;
  shape: Polygon | MultiPolygon;
}

export interface World {
  countries: readonly Country[];
  land: FeatureCollection;
  /** Where two countries meet; coasts are no borders. */
  borders: MultiLineString;
}

/** Shapes that have no number in the data and a code in databases. */
const UNNUMBERED: Partial<Record<string, string>> = { Kosovo: "XK" };

export function worldOf(atlas: Atlas): World {
  const { countries, land } = atlas.objects;
  return {
    countries: feature(atlas, countries).features.flatMap(countryOf),
    land: feature(atlas, land),
    borders: mesh(atlas, countries, (one, other) => one !== other),
  };
}

function countryOf({ id, properties, geometry }: Feature<Geometry, { name: string }>): Country[] {
  if (geometry.type !== "Polygon" && geometry.type !== "MultiPolygon") return [];
  const code = COUNTRY_CODES.get(String(id)) ?? UNNUMBERED[properties.name] ?? null;
  return [{ code, shape: geometry }];
}

/** The shapes to begin with: 110 million to 1. */
export async function coarseWorld(): Promise<World> {
  return worldOf((await import("world-atlas/countries-110m.json")).default);
}

/** The shapes for who looks closely: 50 million to 1, with the small islands. */
export async function fineWorld(): Promise<World> {
  return worldOf((await import("world-atlas/countries-50m.json")).default);
}
