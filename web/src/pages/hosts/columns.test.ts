import { expect, it } from "vitest";
import { csvOf } from "../../lib/table";
import { hostListed } from "../../live/place-fixtures";
import { tracksOf } from "../parts/list/columns";
import { besideSheet, COLUMNS, chosenColumns, fileColumns, type ListColumn } from "./columns";

function ids(columns: readonly ListColumn[]): string[] {
  return columns.map(({ id }) => id);
}

function text(id: string, host: Parameters<typeof hostListed>[1]): string | undefined {
  return COLUMNS.find((column) => column.id === id)?.text(hostListed("192.0.2.7", host));
}

it("chosen_columns_stand_in_the_usual_order_and_unknown_ones_are_passed_over", () => {
  expect(ids(chosenColumns({ names: "rtt,host,colour", live: true, narrow: false }))).toEqual([
    "host",
    "rtt",
  ]);
});

it("a_file_has_no_last_minute", () => {
  expect(ids(chosenColumns({ names: null, live: true, narrow: false }))).toContain("recent");
  expect(ids(chosenColumns({ names: "", live: false, narrow: false }))).not.toContain("recent");
});

it("a_narrow_screen_has_three_columns_that_fit", () => {
  const columns = chosenColumns({ names: "rtt", live: true, narrow: true });
  expect(ids(columns)).toEqual(["host", "bytes_in", "bytes_out"]);
  expect(tracksOf(columns).least_px).toBeLessThanOrEqual(320 - 48 - 2);
});

it("where_nobody_chose_all_columns_are_in_sight_at_1280_px", () => {
  // Beside the navigation (188), the page's padding (24), the panel's border (2) and a scrollbar (15).
  for (const live of [true, false]) {
    const columns = chosenColumns({ names: null, live, narrow: false });
    expect(tracksOf(columns).least_px).toBeLessThanOrEqual(1280 - 188 - 24 - 2 - 15);
  }
});

it("what_it_is_sorted_by_stays_in_sight_beside_the_sheet", () => {
  const columns = chosenColumns({ names: null, live: true, narrow: false });
  expect(ids(besideSheet(columns, "rtt")).slice(0, 2)).toEqual(["host", "rtt"]);
  expect(ids(besideSheet(columns, "name"))).toEqual(ids(columns));
});

it("what_is_not_known_is_a_dash_and_never_zero", () => {
  expect(text("rtt", {})).toBe("–");
  expect(text("organization", {})).toBe("–");
  expect(text("last_seen", {})).toBe("–");
  // Without a name for whoever runs it, its number is better than nothing.
  expect(text("organization", { asn: 64_496 })).toBe("AS64496");
  expect(text("organization", { asn: 64_496, organization: "Example" })).toBe("Example");
});

it("a_host_is_called_by_its_best_name_and_its_address", () => {
  expect(text("host", {})).toBe("192.0.2.7");
  expect(text("host", { named: [{ name: "nas.local", source: "mdns" }] })).toBe("nas.local 192.0.2.7");
});

it("a_file_says_in_columns_of_their_own_who_each_host_is", () => {
  const columns = fileColumns(chosenColumns({ names: "host,bytes_in", live: true, narrow: false }));
  const host = hostListed("192.0.2.7", {
    named: [{ name: "=evil()", source: "dns" }],
    country: "DE",
    bytes_in: 1_500,
  });
  const csv = csvOf({
    columns: columns.map(({ label }) => ({ label })),
    rows: () => [columns.map(({ cell }) => cell(host))],
  });
  expect(csv.split("\r\n")).toEqual([
    "Name,Address,Scope,Local,Country,Place,Doubt,Organization,AS,In",
    // A name that a spreadsheet would run gets an apostrophe in front.
    "'=evil(),192.0.2.7,global,no,Germany,Germany,,,,1500",
    "",
  ]);
});
