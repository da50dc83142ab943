import { describe, expect, it } from "vitest";
import { host } from "../live/place-fixtures";
import {
  asnText,
  bestName,
  countryName,
  creditsOf,
  distanceText,
  doubtMark,
  doubtText,
  placeKey,
  placeSourceText,
  placeText,
  precisionText,
} from "./places";

const NOWHERE = { city: null, region: null, country: null, latitude: null, longitude: null };

describe("a country", () => {
  it("of_a_known_code_has_its_name", () => {
    expect(countryName("DE")).toBe("Germany");
    expect(countryName("DE")).toBe("Germany");
  });

  it("of_an_unknown_code_is_called_by_it", () => {
    // QM to QZ are left to users by ISO 3166: nobody has one.
    expect(countryName("QQ")).toBe("QQ");
    expect(countryName("de-x")).toBe("de-x");
    expect(countryName("")).toBe("");
  });
});

describe("a place", () => {
  it("is_told_from_the_smallest_to_the_largest", () => {
    expect(placeText({ city: "Paris", region: "Île-de-France", country: "FR" })).toBe(
      "Paris, Île-de-France, France",
    );
    expect(placeText({ ...NOWHERE, country: "FR" })).toBe("France");
  });

  it("whose_region_is_its_city_is_told_once", () => {
    expect(placeText({ city: "Berlin", region: "Berlin", country: "DE" })).toBe("Berlin, Germany");
  });

  it("that_nobody_knows_has_no_words", () => {
    expect(placeText(NOWHERE)).toBeNull();
    expect(precisionText(NOWHERE)).toBeNull();
    expect(placeKey(NOWHERE)).toBeNull();
  });

  it("says_how_exactly_it_is_known", () => {
    expect(precisionText({ ...NOWHERE, country: "FR" })).toBe("country-level");
    expect(precisionText({ ...NOWHERE, country: "FR", latitude: 48.9, longitude: 2.3 })).toBe("area");
    expect(precisionText({ ...NOWHERE, country: "FR", city: "Paris" })).toBe("city");
  });

  it("has_a_key_for_the_map", () => {
    const at = { country: "US", latitude: 42.11, longitude: -72.59 };
    expect(placeKey({ ...NOWHERE, country: "FR" })).toBe("FR");
    expect(placeKey({ ...NOWHERE, ...at })).toBe("US/42.1,-72.6");
    expect(placeKey({ ...NOWHERE, ...at, city: "Springfield" })).toBe("US/Springfield");
    expect(placeKey({ ...at, region: "Massachusetts", city: "Springfield" })).toBe(
      "US/Massachusetts/Springfield",
    );
    // Of a city without coordinates the map has the country.
    expect(placeKey({ ...NOWHERE, country: "FR", city: "Paris" })).toBe("FR");
  });

  it("says_who_told_it", () => {
    expect(placeSourceText("built_in")).toBe("built in");
    expect(placeSourceText("database", "city.mmdb")).toBe("database city.mmdb");
  });
});

describe("a doubt", () => {
  it("says_how_far_light_comes_and_how_far_the_place_is", () => {
    // 100 km of fibre a millisecond of round trip: 4 ms are 400 km. 6,137 km in three digits are 6,140 km.
    expect(doubtText({ reason: "too_far", rtt_ms: 4, reach_km: 400, distance_km: 6137.4 })).toBe(
      "Not there: answers in 4.00 ms, light in fibre comes 400 km far; the place is 6,140 km away.",
    );
  });

  it("about_anycast_needs_no_round_trip", () => {
    const doubt = { reason: "anycast", rtt_ms: null, reach_km: null, distance_km: null } as const;
    expect(doubtText(doubt)).toContain("announced from many places");
    expect(doubtMark(doubt)).toBe("not there (anycast)");
  });

  it("without_its_numbers_is_still_a_sentence", () => {
    const doubt = { reason: "too_far", rtt_ms: null, reach_km: null, distance_km: null } as const;
    expect(doubtText(doubt)).toBe("Not there: it answers faster than light gets there and back.");
  });
});

describe("numbers of places", () => {
  it("have_three_digits_and_groups", () => {
    expect(distanceText(0)).toBe("0 km");
    expect(distanceText(12_345)).toBe("12,300 km");
    expect(distanceText(407.6)).toBe("408 km");
  });

  it("of_autonomous_systems_are_not_grouped", () => {
    expect(asnText(64_496)).toBe("AS64496");
  });
});

describe("the best name", () => {
  it("is_the_most_trusted", () => {
    const named = [
      { name: "printer.local", source: "mdns" },
      { name: "printer.lan", source: "reverse_dns" },
    ] as const;
    expect(bestName(host("192.0.2.7", { named: [...named], names: named.map(({ name }) => name) }))).toBe(
      "printer.local",
    );
  });

  it("of_a_host_without_names_is_none", () => {
    expect(bestName(host("192.0.2.7"))).toBeNull();
  });
});

describe("credits", () => {
  const database = { file: "a.mmdb", kind: "City", built: null, problem: null };
  const attribution = { text: "Places by Example", url: "https://example.com/" };

  it("are_named_once_for_several_files_of_one_maker", () => {
    expect(
      creditsOf([
        { ...database, attribution },
        { ...database, attribution: { ...attribution } },
      ]),
    ).toEqual([attribution]);
  });

  it("stay_where_a_file_is_damaged_and_the_one_before_it_is_in_use", () => {
    expect(
      creditsOf([
        { ...database, attribution: null, problem: "damaged" },
        { ...database, attribution, problem: "damaged" },
      ]),
    ).toEqual([attribution]);
  });

  it("lead_nowhere_but_to_pages", () => {
    const bad = { text: "x", url: "javascript:alert(1)" };
    expect(creditsOf([{ ...database, attribution: bad }])).toEqual([]);
  });
});
