import { expect, it } from "vitest";
import type { FlowColumn } from "../../generated/FlowColumn";
import { csvOf } from "../../lib/table";
import { flowListed } from "../../live/fixtures";
import { tracksOf } from "../parts/list/columns";
import { besideSheet, chosenColumns, fileColumns, type ListColumn, stateText } from "./columns";

function ids(columns: readonly ListColumn[]): string[] {
  return columns.map(({ id }) => id);
}

it("chosen_columns_stand_in_the_usual_order_and_unknown_ones_are_passed_over", () => {
  const columns = chosenColumns({ names: "rtt,client,colour", live: true, narrow: false });
  expect(ids(columns)).toEqual(["client", "rtt"]);
});

it("a_file_has_no_columns_of_this_moment", () => {
  const file = ids(chosenColumns({ names: null, live: false, narrow: false }));
  expect(file).not.toContain("throughput");
  expect(file).not.toContain("recent");
  // A choice without one column that exists is none.
  expect(ids(chosenColumns({ names: "", live: false, narrow: false }))).toEqual(file);
});

it("a_narrow_screen_has_three_columns_that_fit", () => {
  const columns = chosenColumns({ names: "rtt", live: true, narrow: true });
  expect(ids(columns)).toEqual(["app", "server", "bytes"]);
  expect(tracksOf(columns).least_px).toBeLessThanOrEqual(320 - 48 - 2);
  // Of one application its name would stand in every row.
  const ofOne = chosenColumns({ names: null, live: true, narrow: true, ofOneApp: true });
  expect(ids(ofOne)).toEqual(["server", "hostname", "bytes"]);
  expect(tracksOf(ofOne).least_px).toBeLessThanOrEqual(320 - 48 - 2);
});

it("what_is_not_known_is_a_dash_on_the_screen_and_nothing_in_a_file", () => {
  const flow = flowListed(1, { rtt_ms_mean: null, up_bps: null, down_bps: null });
  const columns = chosenColumns({ names: "throughput,rtt", live: true, narrow: false });
  expect(columns.map(({ text }) => text(flow))).toEqual(["–", "–"]);
  const file = csvOf({
    columns: [{ label: "a" }, { label: "b" }],
    rows: () => [columns.map(({ cell }) => cell(flow))],
  });
  expect(file).toBe("a,b\r\n,\r\n");
});

it("both_ways_are_one_number", () => {
  const [bytes] = chosenColumns({ names: "bytes", live: true, narrow: false });
  expect(bytes?.text(flowListed(1, { bytes_up: 1_000, bytes_down: 500_000 }))).toBe("501 kB");
});

it("a_flow_without_connection_speaks_or_is_silent", () => {
  expect(stateText(flowListed(1, { state: "timed_out" }))).toBe("no answer");
  expect(stateText(flowListed(1, { state: null, active: true }))).toBe("active");
  expect(stateText(flowListed(1, { state: null, active: false }))).toBe("silent");
});

it("beside_a_sheet_the_sorted_column_stands_right_after_the_ends", () => {
  const columns = chosenColumns({
    names: "protocol,client,server,state,rtt,resent",
    live: true,
    narrow: false,
  });
  const beside = (sort: FlowColumn) => ids(besideSheet(columns, sort));
  expect(beside("resent")).toEqual(["protocol", "client", "server", "resent", "state", "rtt"]);
  // What is in front of them, and what is not shown, moves nothing.
  expect(beside("client")).toEqual(ids(columns));
  expect(beside("bytes")).toEqual(ids(columns));
});

it("where_nobody_chose_a_row_begins_with_who_it_is", () => {
  for (const live of [true, false]) {
    const columns = chosenColumns({ names: null, live, narrow: false });
    expect(ids(columns).slice(0, 5)).toEqual(["app", "protocol", "client", "server", "hostname"]);
    // The list of a screen of 1440 pixels: the navigation, the page's room around, borders and the bar to scroll with.
    expect(tracksOf(columns).least_px).toBeLessThanOrEqual(1440 - 188 - 24 - 2 - 15);
  }
});

it("a_file_has_who_each_flow_is_with_whatever_is_shown_and_runs_no_name", () => {
  const flow = flowListed(1, {
    app: "=HYPERLINK(1)",
    category: "Web",
    hostname: "+1.example",
    sni: "@sni.example",
    evidence: { kind: "tls_sni", value: "-x.example", learned_at: null },
  });
  const columns = fileColumns(chosenColumns({ names: "protocol,app", live: true, narrow: false }));
  expect(ids(columns)).toEqual(["app", "protocol", "hostname", "category", "sni", "evidence"]);
  const file = csvOf({
    columns: columns.map(({ id }) => ({ label: id })),
    rows: () => [columns.map(({ cell }) => cell(flow))],
  });
  expect(file.split("\r\n")[1]).toBe("'=HYPERLINK(1),TLS,'+1.example,Web,'@sni.example,TLS name -x.example");
});
