import { expect, it } from "vitest";
import { type Cursor, moved, placeOfCursor, type Surroundings } from "./cursor";

/** The first, second and fourth sort; the third does not. */
const columns = [{ sort: "protocol" }, { sort: "client" }, { sort: null }, { sort: "bytes" }];

function around(cursor: Cursor<number>, place: number | null): Surroundings<number> {
  const list = { matched: 100, keyAt: (at: number) => at + 1_000 };
  return { cursor, place, list, columns, page: 20, first: 30 };
}

const NOWHERE: Cursor<number> = { at: "nowhere" };

function onRow(place: number): Cursor<number> {
  return { at: "row", place, id: place + 1_000 };
}

it("the_first_step_is_to_the_first_row_in_sight", () => {
  expect(moved("ArrowDown", around(NOWHERE, null))).toEqual(onRow(30));
  expect(moved("j", around(NOWHERE, null))).toEqual(onRow(30));
});

it("rows_are_gone_through_and_never_left", () => {
  expect(moved("k", around(onRow(5), 5))).toEqual(onRow(4));
  expect(moved("k", around(onRow(0), 0))).toEqual(onRow(0));
  expect(moved("PageDown", around(onRow(5), 5))).toEqual(onRow(25));
  expect(moved("End", around(onRow(5), 5))).toEqual(onRow(99));
  expect(moved("Home", around(onRow(5), 5))).toEqual(onRow(0));
});

it("above_the_first_row_are_the_headings_that_sort", () => {
  expect(moved("ArrowUp", around(onRow(0), 0))).toEqual({ at: "heading", column: 0 });
  expect(moved("ArrowRight", around({ at: "heading", column: 1 }, null))).toEqual({
    at: "heading",
    column: 3,
  });
  expect(moved("ArrowRight", around({ at: "heading", column: 3 }, null))).toEqual({
    at: "heading",
    column: 3,
  });
  expect(moved("ArrowLeft", around({ at: "heading", column: 3 }, null))).toEqual({
    at: "heading",
    column: 1,
  });
  expect(moved("ArrowDown", around({ at: "heading", column: 3 }, null))).toEqual(onRow(0));
});

it("other_keys_are_none_of_the_grids", () => {
  expect(moved("x", around(onRow(5), 5))).toBeNull();
  expect(moved("ArrowLeft", around(onRow(5), 5))).toBeNull();
});

it("the_cursor_goes_along_with_its_row", () => {
  const list = { matched: 100, placeOf: (id: number) => (id === 1_005 ? 17 : null) };
  expect(placeOfCursor(onRow(5), list)).toBe(17);
  // Out of sight nobody knows where it went: the place stays, as far as the list reaches.
  expect(placeOfCursor(onRow(6), list)).toBe(6);
  expect(placeOfCursor(onRow(300), list)).toBe(99);
});

it("without_rows_there_is_nowhere_to_be", () => {
  const empty = { ...around(NOWHERE, null), list: { matched: 0, keyAt: () => null } };
  expect(moved("ArrowDown", empty)).toEqual(NOWHERE);
});
