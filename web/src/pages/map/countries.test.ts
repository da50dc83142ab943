import { geoContains } from "d3-geo";
import { describe, expect, it } from "vitest";
import atlas from "world-atlas/countries-50m.json";
// What the program knows of countries, written by `scripts/countries.mjs`.
import file from "../../../../crates/geolocation/countries.tsv?raw";
import { COUNTRY_CODES } from "./country-codes";
import { worldOf } from "./world";

const rows = file
  .trimEnd()
  .split("\n")
  .map((line) => {
    const [code = "", name = "", latitude = "", longitude = "", list = ""] = line.split("\t");
    const points = list.split(";").map((point) => point.split(",").map(Number) as [number, number]);
    return { code, name, latitude: Number(latitude), longitude: Number(longitude), points };
  });

/** Parts of an outline that have rows of their own. */
const WITH_PARTS: Partial<Record<string, readonly string[]>> = {
  FR: ["FR", "GF", "GP", "MQ", "RE", "YT"],
  NO: ["NO", "SJ", "BV"],
  NL: ["NL", "BQ"],
};

function vector([latitude, longitude]: readonly [number, number]): [number, number, number] {
  const [north, east] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
  return [Math.cos(north) * Math.cos(east), Math.cos(north) * Math.sin(east), Math.sin(north)];
}

describe("the file of countries", () => {
  it("has every country of ISO 3166-1 and Kosovo once, in order", () => {
    const codes = rows.map(({ code }) => code);
    expect(codes.filter((code) => code !== "XK")).toHaveLength(249);
    expect(codes.every((code) => /^[A-Z]{2}$/.test(code))).toBe(true);
    expect(codes).toEqual([...new Set(codes)].sort());
    expect(codes).toEqual([...COUNTRY_CODES.values(), "XK"].sort());
  });

  it("has names, points on the globe, and stays small", () => {
    for (const { name, latitude, longitude, points } of rows) {
      expect(name.length).toBeGreaterThan(2);
      for (const [north, east] of [[latitude, longitude], ...points]) {
        expect(Math.abs(north ?? Number.NaN)).toBeLessThanOrEqual(90);
        expect(Math.abs(east ?? Number.NaN)).toBeLessThanOrEqual(180);
      }
    }
    expect(file.length).toBeLessThan(120_000);
  });

  it("has a point within 160 km of every vertex of an outline", () => {
    const least = Math.cos(160 / 6371);
    const far: string[] = [];
    for (const { code, shape } of worldOf(atlas).countries) {
      if (code === null) continue;
      const parts = WITH_PARTS[code] ?? [code];
      const samples = rows.filter((row) => parts.includes(row.code)).flatMap((row) => row.points.map(vector));
      const rings = shape.type === "Polygon" ? shape.coordinates : shape.coordinates.flat();
      for (const [longitude = 0, latitude = 0] of rings.flat()) {
        const [x, y, z] = vector([latitude, longitude]);
        const near = samples.some(([a, b, c]) => a * x + b * y + c * z >= least);
        if (!near) far.push(`${code} ${latitude} ${longitude}`);
      }
    }
    expect(far).toEqual([]);
  });

  it("has the middle of a country inside it", () => {
    const outside = worldOf(atlas).countries.flatMap(({ code, shape }) => {
      const row = rows.find((one) => one.code === code);
      return row === undefined || geoContains(shape, [row.longitude, row.latitude]) ? [] : [code];
    });
    // Diego Garcia is a ring around its lagoon, and Australia's reefs are a second shape of its number.
    expect(outside).toEqual(["IO", "AU"]);
  });
});
