import { expect, it } from "vitest";
import { flowsSearch } from "./address";

it("an_address_keeps_what_fits", () => {
  const search = {
    filter: " tls ",
    protocol: "TCP",
    app: "Netflix",
    active: true,
    sort: "rtt",
    rising: true,
    columns: "client,rtt",
    sel: 7,
  } as const;
  expect(flowsSearch(search)).toEqual({ ...search, filter: "tls" });
  // A blank application is that of the flows without one.
  expect(flowsSearch({ app: "" })).toEqual({ app: "" });
  // A filter of digits is read as a number by the router; the first flow may have the number 0.
  expect(flowsSearch({ filter: 443, sel: 0 })).toEqual({ filter: "443", sel: 0 });
});

it("an_address_loses_what_does_not_fit", () => {
  expect(flowsSearch({ filter: "  ", sort: "colour", rising: "yes", active: 1, sel: -1, page: 3 })).toEqual(
    {},
  );
  expect(flowsSearch({ sort: "toString", columns: [], sel: "first" })).toEqual({});
  expect(flowsSearch({ sel: null, protocol: {} })).toEqual({});
});
