import { describe, expect, it } from "vitest";
import { hostGroup, placeSums, placesTopic } from "../../live/place-fixtures";
import {
  amountOf,
  arcWidthOf,
  categoriesOf,
  clustersOf,
  countriesOf,
  isHollow,
  LEAST_RADIUS,
  movedOf,
  openOf,
  type Placed,
  radiusOf,
  type Shown,
  type Spot,
  spotsOf,
} from "./spots";

const ALL = { category: null, by: "bytes" } as const;

const VIDEO = { category: "Video", flows: 2, bytes: 700 };
const WEB = { category: "Web", flows: 9, bytes: 300 };

/** Germany by country only, a part of it said to be there and not there, and Dublin. */
const PLACES = [
  placeSums("DE", { sums: hostGroup(4, 1_000, 11), categories: [VIDEO, WEB] }),
  placeSums("DE", { sums: hostGroup(1, 3_000, 1), doubt: "too_far" }),
  placeSums("IE", {
    city: "Dublin",
    is_country: false,
    latitude: 53.3,
    longitude: -6.3,
    sums: hostGroup(2, 2_000),
  }),
  placeSums("AU", { sums: hostGroup(1, 10), doubt: "anycast" }),
];

function placed(key: string, amount: number, x: number, y: number): Placed {
  const [spot] = spotsOf([placeSums(key, { sums: hostGroup(1, amount) })], ALL);
  return { spot: { ...(spot as Spot), isCountry: false }, x, y };
}

describe("spots", () => {
  it("joins what is there and what is not there at one point, the largest first", () => {
    const spots = spotsOf(PLACES, ALL);
    expect(spots.map(({ key, amount, sure, doubtful }) => [key, amount, sure, doubtful])).toEqual([
      ["DE", 4_000, 1_000, 3_000],
      ["IE/Dublin", 2_000, 2_000, 0],
      ["AU", 10, 0, 10],
    ]);
    expect(spots.map(({ reason }) => reason)).toEqual(["too_far", null, "anycast"]);
    expect(spots[0]?.hosts).toBe(5);
    expect(spots.map(({ name }) => name)).toEqual(["Germany", "Dublin", "Australia"]);
  });

  it("of cities of one name and of an area are told apart, and a country opens all that is in it", () => {
    const at = (city: string | null, region: string | null, latitude: number, bytes: number) =>
      placeSums("US", {
        city,
        region,
        is_country: false,
        latitude,
        longitude: -72.59,
        sums: hostGroup(1, bytes),
      });
    const places = [
      at("Springfield", "Massachusetts", 42.11, 400),
      at("Springfield", "Illinois", 39.8, 300),
      at(null, null, 40, 200),
      at("Boston", "Massachusetts", 42.4, 100),
    ];
    expect(spotsOf(places, ALL).map(({ key }) => key)).toEqual([
      "US/Massachusetts/Springfield",
      "US/Illinois/Springfield",
      "US/40.0,-72.6",
      "US/Massachusetts/Boston",
    ]);
    const countries = [{ country: "US", sums: hostGroup(4, 1_000), doubtful: hostGroup() }];
    const open = (sel: string) => openOf({ places, countries }, ALL, sel);
    expect(open("US/Boston")?.key).toBe("US/Massachusetts/Boston");
    expect(open("US/Springfield")).toBeNull();
    // 400 + 300 + 200 + 100.
    expect(open("US")).toMatchObject({
      name: "United States",
      hosts: 4,
      amount: 1_000,
      isCountry: false,
      omitted: 0,
    });
    expect(open("CA")).toBeNull();
  });

  it("a country is told whole, also where its places were left out", () => {
    const countries = [
      // 5 hosts of Germany are at places that are told, all of Chile's 3 and 4 of Ireland's 6 are at others.
      { country: "DE", sums: hostGroup(5, 4_000, 12), doubtful: hostGroup(1, 3_000, 1) },
      { country: "IE", sums: hostGroup(6, 2_500, 8), doubtful: hostGroup() },
      { country: "CL", sums: hostGroup(3, 60, 7), doubtful: hostGroup(3, 60, 7) },
    ];
    const open = (sel: string, shown: Shown = ALL) => openOf({ places: PLACES, countries }, shown, sel);
    expect(open("DE")).toMatchObject({
      hosts: 5,
      amount: 4_000,
      doubtful: 3_000,
      omitted: 0,
      isCountry: true,
    });
    expect(open("IE")).toMatchObject({
      name: "Ireland",
      hosts: 6,
      bytes: 2_500,
      omitted: 4,
      isCountry: false,
    });
    const chile = { key: "CL", name: "Chile", hosts: 3, flows: 7, bytes: 60, sure: 0, omitted: 3, top: [] };
    expect(open("CL")).toMatchObject({ ...chile, amount: 60, doubtful: 60 });
    expect(open("CL", { category: null, by: "flows" })).toMatchObject({ ...chile, amount: 7, doubtful: 7 });
    // Of a category places alone are told; what is left out may have some of it.
    expect(open("DE", { category: "Video", by: "bytes" })).toMatchObject({ hosts: 4, amount: 700 });
    expect(open("CL", { category: "Video", by: "bytes" })).toMatchObject({
      hosts: 3,
      omitted: 3,
      ofAll: true,
    });
    expect(open("CL")?.ofAll).toBe(false);
    expect(open("DE", { category: "News", by: "bytes" })).toBeNull();
  });

  it("are hollow only where nobody is there", () => {
    expect(spotsOf(PLACES, ALL).map(isHollow)).toEqual([false, false, true]);
  });

  it("of a category are those that have it, by its own numbers", () => {
    const spots = spotsOf(PLACES, { category: "Video", by: "flows" });
    expect(spots.map(({ key, amount }) => [key, amount])).toEqual([["DE", 2]]);
    expect(amountOf(PLACES[0] ?? placeSums(""), { category: "Web", by: "bytes" })).toBe(300);
    expect(spotsOf(PLACES, { category: "News", by: "bytes" })).toEqual([]);
  });

  it("moved where their measure grew since the publication before; new ones did not", () => {
    const before = spotsOf(PLACES.slice(0, 3), ALL);
    const after = spotsOf(
      PLACES.map((place) => (place.city === "Dublin" ? { ...place, sums: hostGroup(2, 2_001) } : place)),
      ALL,
    );
    expect([...movedOf(before, after)]).toEqual(["IE/Dublin"]);
  });
});

describe("sizes", () => {
  it("make a quarter of the measure half as wide, and keep the least in sight", () => {
    expect(radiusOf(100, 100)).toBe(17);
    // The root of a quarter is a half.
    expect(radiusOf(25, 100)).toBe(8.5);
    expect(radiusOf(1, 100_000)).toBe(LEAST_RADIUS);
    expect(radiusOf(0, 0)).toBe(LEAST_RADIUS);
  });

  it("make arcs of 1 to 5 pixels", () => {
    expect(arcWidthOf(100, 100)).toBe(5);
    expect(arcWidthOf(50, 100)).toBe(3);
    expect(arcWidthOf(0, 0)).toBe(1);
  });
});

describe("groups", () => {
  it("hold what lies nearer than 14 pixels to something larger", () => {
    const [a, b, c, d] = [
      placed("DE", 900, 100, 100),
      placed("NL", 500, 92, 90), // The root of 164 is 12.8 away from the first.
      placed("FR", 400, 86, 100), // 14 away: just not.
      placed("BE", 300, 86, 112), // 12 from the third, 18 from the first.
    ];
    const clusters = clustersOf([a, b, c, d]);
    expect(clusters.map(({ spots }) => spots.map(({ key }) => key))).toEqual([
      ["DE", "NL"],
      ["FR", "BE"],
    ]);
    expect(clusters.map(({ x, y, amount }) => [x, y, amount])).toEqual([
      [100, 100, 1_400],
      [86, 100, 700],
    ]);
  });

  it("hold no country: its mark would look like a city's", () => {
    const [a, b] = [placed("AT", 900, 100, 100), placed("DE", 500, 101, 100)];
    const country = { ...a, spot: { ...a.spot, isCountry: true } };
    expect(clustersOf([country, b]).map(({ spots }) => spots.length)).toEqual([1, 1]);
    expect(clustersOf([b, country]).map(({ spots }) => spots.length)).toEqual([1, 1]);
  });
});

describe("categories and countries", () => {
  it("are added up over the places", () => {
    const places = [
      ...PLACES,
      placeSums("FR", { sums: hostGroup(1, 500), categories: [WEB], doubt: "anycast" }),
    ];
    expect(categoriesOf(places, "bytes")).toEqual([
      { category: "Video", amount: 700 },
      { category: "Web", amount: 600 },
    ]);
    expect(categoriesOf(places, "flows").map(({ category, amount }) => [category, amount])).toEqual([
      ["Web", 18],
      ["Video", 2],
    ]);
    const topic = placesTopic({ places });
    expect(countriesOf(topic, { category: "Web", by: "bytes" })).toEqual([
      { country: "DE", amount: 300, doubtful: 0 },
      { country: "FR", amount: 300, doubtful: 300 },
    ]);
  });

  it("are all of the program's where no category is chosen", () => {
    const topic = placesTopic({
      countries: [
        { country: "NZ", sums: hostGroup(1, 5, 7), doubtful: hostGroup() },
        { country: "US", sums: hostGroup(3, 90, 3), doubtful: hostGroup(1, 40, 1) },
      ],
    });
    expect(countriesOf(topic, ALL)).toEqual([
      { country: "US", amount: 90, doubtful: 40 },
      { country: "NZ", amount: 5, doubtful: 0 },
    ]);
    expect(countriesOf(topic, { category: null, by: "flows" }).map(({ country }) => country)).toEqual([
      "NZ",
      "US",
    ]);
  });
});
