import { expect, it } from "vitest";
import { appsSearch } from "./address";

it("an_address_keeps_what_fits_and_loses_the_rest", () => {
  const search = { filter: "tube", category: "Video", sort: "rate", rising: true, by: "now" } as const;
  expect(appsSearch(search)).toEqual(search);
  expect(appsSearch({ filter: " ", category: 7, sort: "colour", rising: 1, by: "year" })).toEqual({
    category: "7",
  });
});
