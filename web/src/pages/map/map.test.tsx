// @vitest-environment jsdom

import { cleanup, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { mapStrings } from "../../lib/map-strings";
import { hostGroup } from "../../live/place-fixtures";
import { PlaceSheet } from "./PlaceSheet";
import { openOf } from "./spots";

// Where a link leads is the router's matter; here it tells what it was asked for.
vi.mock(import("@tanstack/react-router"), async (original) => ({
  ...(await original()),
  Link: (({ children, to, search }: { children: ReactNode; to: string; search: object }) => (
    <a href={`${to}?${JSON.stringify(search)}`}>{children}</a>
  )) as never,
}));

afterEach(cleanup);

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
  });

  it("says so where nothing is", () => {
    render(<PlaceSheet spot={null} by="bytes" drawn={0} onClose={() => undefined} />);
    screen.getByText(mapStrings.gone);
  });
});
