// @vitest-environment jsdom

import { expect, it, vi } from "vitest";

// The pages draw; only the reading of addresses is of interest here.
vi.mock("./pages/dashboard/Dashboard", () => ({ Dashboard: () => null }));
vi.mock("./shell/Shell", () => ({ Shell: () => null }));

const { liveSearch } = await import("./routes");

it("an_address_keeps_what_fits", () => {
  expect(liveSearch({ filter: " tls ", packet: 42 })).toEqual({ filter: "tls", packet: 42 });
  expect(liveSearch({ flow: 0 })).toEqual({ flow: 0 });
  // A filter of digits is read as a number by the router.
  expect(liveSearch({ filter: 443 })).toEqual({ filter: "443" });
});

it("an_address_loses_what_does_not_fit", () => {
  expect(liveSearch({ filter: "  ", packet: "first" })).toEqual({});
  expect(liveSearch({ filter: {}, packet: -1, page: 7, flow: "x" })).toEqual({});
});
