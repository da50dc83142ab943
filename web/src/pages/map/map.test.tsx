// @vitest-environment jsdom

import { cleanup, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { PlaceSums } from "../../generated/PlaceSums";
import { mapStrings } from "../../lib/map-strings";
import { hostGroup, placeSums } from "../../live/place-fixtures";
import { MapTip } from "./MapTip";
import { PlaceSheet } from "./PlaceSheet";
import { openOf, spotsOf } from "./spots";

// Where a link leads is the router's matter; here it tells what it was asked for.
vi.mock(import("@tanstack/react-router"), async (original) => ({
  ...(await original()),
  Link: (({ children, to, search }: { children: ReactNode; to: string; search: object }) => (
    <a href={`${to}?${JSON.stringify(search)}`}>{children}</a>
  )) as never,
}));

afterEach(cleanup);

/** Two hosts in a city of the right-to-left name, one of them not there. */
const CITY = placeSums("IL", {
  city: "חיפה",
  region: "Haifa District",
  is_country: false,
  sums: hostGroup(2, 4_000),
  top: [
    {
      address: "192.0.2.7",
      name: "mail.example.org",
      organization: "Example Hosting",
      app: null,
      bytes: 3_000,
      doubt: null,
    },
  ],
});

describe("what stands beside a mark", () => {
  const show = (places: readonly PlaceSums[], height: number) => {
    const spots = spotsOf(places, { category: null, by: "bytes" });
    const cluster = { x: 10, y: 10, spots, amount: 0 };
    return render(<MapTip cluster={cluster} size={{ width: 800, height }} />).container;
  };

  it("says where it is in parts, who is there, how much, and what speaks against it", () => {
    const doubted = { ...CITY, sums: hostGroup(1, 1_000), doubt: "too_far" as const, top: [] };
    const tip = show([CITY, doubted], 400);
    expect([...tip.querySelectorAll("bdi")].map(({ textContent }) => textContent)).toEqual([
      "חיפה",
      "Haifa District",
      "Israel",
      "mail.example.org",
      "Example Hosting",
    ]);
    expect(tip.textContent).toContain("3 hosts, 3 flows");
    expect(tip.textContent).toContain("3.00 kB");
    // 1,000 of 4,000 + 1,000 bytes.
    expect(tip.textContent).toContain(mapStrings.notThereOf("20.0%"));
  });

  it("leaves the hosts out where the map is low", () => {
    expect(show([CITY], 170).textContent).not.toContain("mail.example.org");
  });
});

describe("the sheet of a place", () => {
  it("says of a country that is not drawn how much it is, why, and where its hosts are", () => {
    const chile = { country: "CL", sums: hostGroup(3, 60_000, 7), doubtful: hostGroup(1, 15_000, 2) };
    const spot = openOf({ places: [], countries: [chile] }, { category: null, by: "bytes" }, "CL");
    render(<PlaceSheet spot={spot} by="bytes" drawn={200} onClose={() => undefined} />);
    const sheet = screen.getByRole("region", { name: mapStrings.sheet });
    const told = ["Chile", "3 hosts", "7 flows", mapStrings.notDrawnHere("3", "200")];
    for (const text of told) expect(sheet.textContent).toContain(text);
    // 15,000 of 60,000 bytes.
    expect(sheet.textContent).toContain(mapStrings.notThereOf("25.0%"));
    expect(sheet.textContent).not.toContain(mapStrings.gone);
    const link = screen.getByRole("link", { name: mapStrings.allHosts });
    expect(link.getAttribute("href")).toBe('/hosts?{"country":"CL"}');
    expect(sheet.textContent).not.toContain(mapStrings.ofAllCategories);
  });

  it("says of figures of all categories that they are", () => {
    const chile = { country: "CL", sums: hostGroup(3, 60_000, 7), doubtful: hostGroup() };
    const spot = openOf({ places: [], countries: [chile] }, { category: "Video", by: "bytes" }, "CL");
    render(<PlaceSheet spot={spot} by="bytes" drawn={200} onClose={() => undefined} />);
    expect(screen.getByText(mapStrings.ofAllCategories)).toBeTruthy();
  });

  it("says so where nothing is", () => {
    render(<PlaceSheet spot={null} by="bytes" drawn={0} onClose={() => undefined} />);
    screen.getByText(mapStrings.gone);
  });
});
