import { expect, it } from "vitest";
import { cellText, csvCell, csvOf } from "./table";

it("quotes_commas_and_line_ends_stay_inside_their_cell", () => {
  expect(csvCell('say "a, b"')).toBe('"say ""a, b"""');
  expect(csvCell("two\nlines")).toBe('"two\nlines"');
  expect(csvCell("10.0.0.1")).toBe("10.0.0.1");
});

it("a_text_that_a_spreadsheet_would_run_is_made_harmless", () => {
  expect(csvCell('=HYPERLINK("x")')).toBe('"\'=HYPERLINK(""x"")"');
  expect(csvCell("+1")).toBe("'+1");
  expect(csvCell("-2+3")).toBe("'-2+3");
  expect(csvCell("@SUM(A1)")).toBe("'@SUM(A1)");
  expect(csvCell("\t=1")).toBe("'\t=1");
  expect(csvCell("  =1")).toBe("'  =1");
});

it("a_negative_number_stays_a_number_and_unknown_is_empty", () => {
  expect(csvCell(-5)).toBe("-5");
  expect(csvCell(null)).toBe("");
  expect(csvCell(Number.NaN)).toBe("");
});

it("the_header_names_the_units", () => {
  const columns = [{ label: "Address" }, { label: "Sent", unit: "bytes" }];
  expect(csvOf({ columns, rows: () => [["a", 1_000_000]] })).toBe("Address,Sent (bytes)\r\na,1000000\r\n");
});

it("on_the_screen_a_column_writes_its_numbers", () => {
  const column = { label: "Sent", text: (value: number | null) => (value === null ? "–" : `${value} B`) };
  expect([cellText(column, 5), cellText(column, null), cellText(undefined, "x")]).toEqual(["5 B", "–", "x"]);
});

it("a_time_is_written_for_the_file_in_its_own_way", () => {
  const at = { label: "Time", text: () => "14:02", file: (value: number | null) => `${value} UTC` };
  expect(csvOf({ columns: [at], rows: () => [[7]] })).toBe("Time\r\n7 UTC\r\n");
});
