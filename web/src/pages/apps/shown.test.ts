import { expect, it } from "vitest";
import { appRow, appsTopic } from "../../live/fixtures";
import { shareOf, wholeOf } from "../parts/app-shares";
import { held } from "../parts/use-held-order";
import { arranged, barOf, categoriesOf, type Wanted } from "./shown";

const ROWS = [
  appRow("Netflix", { category: "Video", bytes: 600, bps: 0, flows: 2 }),
  appRow("YouTube", { category: "Video", bytes: 300, bps: 900, flows: 9 }),
  appRow("GitHub", { category: "Developer", bytes: 100, bps: 100, flows: 4 }),
];

const USUAL: Wanted = { filter: "", category: null, sort: "share", rising: false, measure: "session" };

function names(wanted: Partial<Wanted>): string[] {
  return arranged(ROWS, { ...USUAL, ...wanted }).map(({ app }) => app);
}

it("the_largest_share_comes_first_of_the_session_or_of_this_moment", () => {
  expect(names({})).toEqual(["Netflix", "YouTube", "GitHub"]);
  expect(names({ measure: "now" })).toEqual(["YouTube", "GitHub", "Netflix"]);
});

it("a_column_sorts_both_ways", () => {
  expect(names({ sort: "app", rising: true })).toEqual(["GitHub", "Netflix", "YouTube"]);
  expect(names({ sort: "flows" })).toEqual(["YouTube", "GitHub", "Netflix"]);
});

it("each_word_of_a_filter_must_be_in_name_or_category", () => {
  expect(names({ filter: "VIDEO" })).toEqual(["Netflix", "YouTube"]);
  expect(names({ filter: "video tube" })).toEqual(["YouTube"]);
  expect(names({ category: "Developer" })).toEqual(["GitHub"]);
});

it("shares_are_of_all_that_was_seen_what_has_no_label_and_what_is_left_out_included", () => {
  const topic = appsTopic(ROWS, {
    unlabelled: { flows: 1, packets: 1, bytes: 1_000 },
    unlabelled_bps: 1_000,
  });
  // 600 + 300 + 100 of applications, 1,000 of none; of this moment 0 + 900 + 100 and 1,000.
  expect(wholeOf(topic, "session", 5_000)).toBe(2_000);
  expect(wholeOf(topic, "now", 5_000)).toBe(2_000);
  // With applications left out, all bytes are the whole.
  expect(wholeOf({ ...topic, omitted: 3 }, "session", 5_000)).toBe(5_000);
  expect(shareOf(500, 2_000)).toBe(0.25);
  expect(shareOf(null, 2_000)).toBeNull();
  expect(shareOf(0, 0)).toBeNull();
});

it("categories_are_summed_and_the_largest_come_first", () => {
  const unknown = appRow("Zeta", { category: "Space travel", bytes: 5 });
  expect(categoriesOf([unknown, ...ROWS], "session")).toEqual([
    { category: "Video", apps: 2, amount: 900 },
    { category: "Developer", apps: 1, amount: 100 },
    { category: "Space travel", apps: 1, amount: 5 },
  ]);
});

it("rows_that_are_read_stay_and_new_ones_come_after_them", () => {
  const rows = [appRow("New", { bytes: 9_000 }), ...ROWS];
  const stood = ["GitHub", "Netflix", "YouTube"];
  expect(held(rows, ({ app }) => app, stood).map(({ app }) => app)).toEqual([...stood, "New"]);
});

it("a_bar_has_the_seven_largest_kinds_and_one_part_for_the_rest", () => {
  const kinds = ["Video", "Other", "Music", "Work", "Cloud", "Web", "Mail", "News", "IoT", "Database"];
  const rows = kinds.map((category, n) => appRow(category, { category, bytes: 100 - n }));
  const bar = barOf(categoriesOf(rows, "session"));
  expect(bar.map(({ category }) => category)).toEqual([
    "Video",
    "Music",
    "Work",
    "Cloud",
    "Web",
    "Mail",
    "News",
    "Other",
  ]);
  // Other itself 99, IoT 92, Database 91.
  expect(bar.at(-1)).toMatchObject({ kinds: 3, amount: 282 });
  expect(barOf(categoriesOf(rows.slice(0, 1), "session"))).toHaveLength(1);
});
