// Writes what is known of countries without asking anybody: `crates/geolocation/countries.tsv` (name, middle and sample
// points of each) and `src/pages/map/country-codes.ts` (the map's numbers as the letters that databases use).
// From Natural Earth's outlines (public domain) as world-atlas has them; run again when that changes:
//
//     node scripts/countries.mjs

import { readFileSync, writeFileSync } from "node:fs";
import { geoArea, geoBounds, geoCentroid, geoContains } from "d3-geo";
import isoCountries from "i18n-iso-countries";
import { feature } from "topojson-client";

const ROOT = new URL("../", import.meta.url);
const TABLE = new URL("../crates/geolocation/countries.tsv", ROOT);
const CODES = new URL("src/pages/map/country-codes.ts", ROOT);

/** Sample points are so many degrees apart; each second row is moved by half of that. */
const STEP = 2;
/** What lies farther from every sample than this gets one of its own; 160 km are promised, points are rounded. */
const NEAR_KM = 140;
const EARTH_KM = 6371;

/** Outlines without a number, by the code that databases give to what is there. */
const UNNUMBERED = {
  Kosovo: "XK",
  "N. Cyprus": "CY",
  "Cyprus U.N. Buffer Zone": "CY",
  Dhekelia: "CY",
  Akrotiri: "CY",
  Somaliland: "SO",
  Baikonur: "KZ",
};

/** Parts of an outline that have a code of their own: `[outline, code, west, south, east, north]`. */
const PARTS = [
  ["FR", "GF", -55, 2, -51, 6],
  ["FR", "GP", -62, 15.8, -61, 16.6],
  ["FR", "MQ", -61.4, 14.3, -60.7, 15],
  ["FR", "RE", 55, -22, 56, -20],
  ["FR", "YT", 44.5, -13.5, 45.5, -12],
  ["NO", "SJ", -10, 70.5, -7, 72],
  ["NO", "SJ", 9, 73.5, 40, 82],
  ["NO", "BV", 3, -55, 4, -54],
  ["NL", "BQ", -70, 11, -62, 18],
  ["Indian Ocean Ter.", "CX", 105, -11, 106.5, -10],
  ["Indian Ocean Ter.", "CC", 96, -13, 98, -11],
];

/** Atolls that no outline has: Atafu, Nukunonu and Fakaofo. */
const BY_HAND = {
  TK: [
    [-8.5, -172.5],
    [-9, -172],
    [-9.5, -171],
  ],
};

/** Names that are shorter than those of `Intl` and as clear. */
const NAMES = { HK: "Hong Kong", MO: "Macao", PS: "Palestine", MM: "Myanmar" };

/** The polygons of each code in an atlas, each as a GeoJSON geometry. */
export function outlines(scale) {
  const path = new URL(`node_modules/world-atlas/countries-${scale}.json`, ROOT);
  const atlas = JSON.parse(readFileSync(path, "utf8"));
  const found = new Map();
  for (const { id, properties, geometry } of feature(atlas, atlas.objects.countries).features) {
    const name = isoCountries.numericToAlpha2(id) ?? UNNUMBERED[properties.name] ?? properties.name;
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    for (const coordinates of polygons) {
      const polygon = { type: "Polygon", coordinates };
      const [longitude, latitude] = geoCentroid(polygon);
      const part = PARTS.find(
        ([outline, , west, south, east, north]) =>
          outline === name && longitude > west && longitude < east && latitude > south && latitude < north,
      );
      const code = part?.[1] ?? name;
      if (code.length === 2) found.set(code, [...(found.get(code) ?? []), polygon]);
    }
  }
  return found;
}

/** A place as a vector, by which distances are compared without an arc cosine. */
export function vector([latitude, longitude]) {
  const [north, east] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
  return [Math.cos(north) * Math.cos(east), Math.cos(north) * Math.sin(east), Math.sin(north)];
}

/** Whether one of the vectors lies within so many kilometres. */
export function isNear(vectors, place, kilometres) {
  const [x, y, z] = vector(place);
  const least = Math.cos(kilometres / EARTH_KM);
  return vectors.some(([a, b, c]) => a * x + b * y + c * z >= least);
}

function half(degrees) {
  return Math.round(degrees * 2) / 2;
}

/** The places of a grid within a polygon, as `[latitude, longitude]`; rows as far apart as columns, each second one moved. */
function* grid(polygon, step) {
  const [[west, south], [east, north]] = geoBounds(polygon);
  const first = Math.ceil((south + 90) / step - 0.5);
  for (let row = Math.max(0, first); (row + 0.5) * step - 90 <= north; row += 1) {
    const latitude = (row + 0.5) * step - 90;
    const columns = Math.max(1, Math.round((360 / step) * Math.cos((latitude * Math.PI) / 180)));
    for (let column = 0; column < columns; column += 1) {
      const longitude = ((column + (row % 2) / 2) * 360) / columns - 180;
      // Bounds that pass the date line have their west east of their east.
      const within =
        west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east;
      if (within && geoContains(polygon, [longitude, latitude])) yield [latitude, longitude];
    }
  }
}

/** The middle of the largest polygon: its centroid or, where that is not inside, the inner point farthest from its edge. */
function middle(polygons) {
  const areas = polygons.map((polygon) => geoArea(polygon));
  const largest = polygons[areas.indexOf(Math.max(...areas))];
  const [longitude, latitude] = geoCentroid(largest);
  if (geoContains(largest, [longitude, latitude])) return [latitude, longitude];
  const edge = largest.coordinates.flat().map(([east, north]) => vector([north, east]));
  const side = Math.sqrt(geoArea(largest)) * (180 / Math.PI);
  const inner = [...grid(largest, side / 40)].map((place) => {
    const [x, y, z] = vector(place);
    return { place, nearest: Math.max(...edge.map(([a, b, c]) => a * x + b * y + c * z)) };
  });
  return inner.reduce((best, one) => (one.nearest < best.nearest ? one : best)).place;
}

/** Points such that nothing of the country is farther than 160 km from one. */
function samples(coarse, fine, centre) {
  const points = [];
  const vectors = [];
  const add = ([latitude, longitude]) => {
    const point = [half(latitude), half(longitude)];
    if (points.some(([north, east]) => north === point[0] && east === point[1])) return;
    points.push(point);
    vectors.push(vector(point));
  };
  for (const polygon of coarse) for (const place of grid(polygon, STEP)) add(place);
  const uncovered = (place) => !isNear(vectors, place, NEAR_KM);
  if (uncovered(centre)) add(centre);
  // The outline before the inside: what is near the edge is then covered by points of the edge.
  for (const [longitude, latitude] of [...coarse, ...fine].flatMap((polygon) => polygon.coordinates.flat()))
    if (uncovered([latitude, longitude])) add([latitude, longitude]);
  for (const polygon of coarse) for (const place of grid(polygon, 0.5)) if (uncovered(place)) add(place);
  return points.sort(([a, b], [c, d]) => c - a || b - d);
}

function hundredth(degrees) {
  return String(Math.round(degrees * 100) / 100);
}

function rows() {
  const [coarse, fine] = [outlines("50m"), outlines("10m")];
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  // i18n-iso-countries has ISO 3166-1 and Kosovo's XK, which databases use.
  return Object.keys(isoCountries.getAlpha2Codes())
    .sort()
    .map((code) => {
      const polygons = fine.get(code);
      const centre = polygons ? middle(coarse.get(code) ?? polygons) : BY_HAND[code][1];
      const points = polygons ? samples(coarse.get(code) ?? polygons, polygons, centre) : BY_HAND[code];
      const [latitude, longitude] = centre.map(hundredth);
      const list = points.map((point) => point.join(",")).join(";");
      return [code, NAMES[code] ?? names.of(code), latitude, longitude, list].join("\t");
    });
}

function codes() {
  const numbers = Object.entries(isoCountries.getNumericCodes())
    .filter(([number]) => /^\d{3}$/.test(number) && isoCountries.numericToAlpha2(number) !== "XK")
    .sort();
  return `/** Written by \`scripts/countries.mjs\`; never edited. */

/** The numbers of countries in the map's data (ISO 3166-1 numeric) and what databases call them (alpha-2), without a space between. */
const NUMBERS =
  "${numbers.map(([number, code]) => number + code).join("")}";

/** The letters of each number. */
export const COUNTRY_CODES: ReadonlyMap<string, string> = new Map(
  Array.from(NUMBERS.matchAll(/(\\d{3})([A-Z]{2})/g), ([, number = "", code = ""]) => [number, code]),
);
`;
}

if (import.meta.main ?? process.argv[1] === new URL(import.meta.url).pathname) {
  const table = `${rows().join("\n")}\n`;
  writeFileSync(TABLE, table);
  writeFileSync(CODES, codes());
  console.log(`${table.split("\n").length - 1} countries, ${(table.length / 1000).toFixed(1)} kB`);
}
