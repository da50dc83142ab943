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

it("only_the_address_of_a_host_opens_a_sheet", () => {
  for (const sel of ["192.0.2.7", "0.0.0.0", "255.255.255.255", "::", "2001:DB8::1", "::ffff:192.0.2.7"]) {
    expect(hostsSearch({ sel }), sel).toEqual({ sel });
  }
  const none = [
    "nas.local",
    "192.0.2",
    "192.0.2.256",
    "192.0.2.7.1",
    "192.0.2.7.",
    "192.0.2.07",
    "192.0.2.7/24",
  ];
  const noneOfSix = [
    "1",
    ":",
    "2001:db8",
    "1::2::3",
    "fe80::1%eth0",
    "[::1]",
    "::1]:80",
    "2001:db8::g",
    "::1/64",
  ];
  for (const sel of [...none, ...noneOfSix, 7]) expect(hostsSearch({ sel }), String(sel)).toEqual({});
});
