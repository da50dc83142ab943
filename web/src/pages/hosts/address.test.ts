import { expect, it } from "vitest";
import { hostsSearch } from "./address";

it("an_address_keeps_what_fits", () => {
  const search = { filter: " router ", local: false, country: "de", app: "Netflix", active: true };
  expect(
    hostsSearch({ ...search, sort: "rtt", rising: true, sel: "2001:db8::1", columns: "host,rtt" }),
  ).toEqual({
    filter: "router",
    local: false,
    country: "DE",
    app: "Netflix",
    active: true,
    sort: "rtt",
    rising: true,
    sel: "2001:db8::1",
    columns: "host,rtt",
  });
  // Of none: another question than of all.
  expect(hostsSearch({ country: "" })).toEqual({ country: "" });
  // A filter of digits is read as a number by the router.
  expect(hostsSearch({ filter: 443 })).toEqual({ filter: "443" });
});

it("an_address_loses_what_does_not_fit", () => {
  const search = { filter: "  ", local: "yes", country: "Germany", active: "true", sort: "colour", sel: {} };
  expect(hostsSearch(search)).toEqual({});
});
