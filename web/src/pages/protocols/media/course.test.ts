import { expect, it } from "vitest";
import { streamCourse, streamStep } from "../../../live/media-fixtures";
import { StreamCharts, worstOf } from "./course";

/** Four steps of a second from second 100 on; MOS falls by one a step. */
const VOICE = streamCourse(1, { steps: [4, 3, 2, 1].map((mos) => streamStep({ mos })) });
/** Two steps of two seconds from second 102 on. */
const LATER = streamCourse(2, {
  from_ms: 102_000,
  step_s: 2,
  steps: [streamStep({ mos: 4.5 }), streamStep({ mos: null })],
});

function shown(...courses: Parameters<StreamCharts["show"]>[0]) {
  const charts = new StreamCharts();
  charts.show(courses);
  return charts.lines(({ mos }) => mos)("every");
}

it("a_step_stands_in_its_middle", () => {
  const { x, y, span } = shown(VOICE);
  expect(x).toEqual([100.5, 101.5, 102.5, 103.5]);
  expect(y).toEqual([[4, 3, 2, 1]]);
  expect(span).toEqual({ from: 100, to: 104 });
});

it("a_stream_has_values_at_its_own_middles_goes_past_others_and_is_unknown_outside_its_time", () => {
  const { x, y, span } = shown(VOICE, LATER);
  // The middles of LATER are 103 and 105.
  expect(x).toEqual([100.5, 101.5, 102.5, 103, 103.5, 105]);
  // VOICE ends at 104; LATER begins at 102, and its second step has no MOS.
  expect(y[0]).toEqual([4, 3, 2, undefined, 1, null]);
  expect(y[1]).toEqual([null, null, undefined, 4.5, undefined, null]);
  expect(span).toEqual({ from: 100, to: 106 });
});

it("only_the_streams_asked_for_have_a_line", () => {
  const charts = new StreamCharts();
  charts.show([VOICE, LATER]);
  expect(charts.lines(({ mos }) => mos, [1])("every").y).toEqual([[4.5, null]]);
});

it("one_that_is_on_its_way_says_nothing_of_blanks", () => {
  const { x, waiting, span } = shown(null);
  expect({ x, waiting, span }).toEqual({ x: [], waiting: true, span: null });
});

it("a_zoom_is_shared_by_all_lines_and_taken_back", () => {
  const charts = new StreamCharts();
  charts.show([VOICE]);
  const read = charts.lines(({ mos }) => mos);
  charts.events.zoom(101, 104);
  expect(read("every").x).toEqual([101.5, 102.5, 103.5]);
  charts.events.back();
  expect(read("every").span).toEqual({ from: 100, to: 104 });
});

it("the_worst_moment_is_the_least_mos_of_any_stream_with_its_time", () => {
  const worse = streamCourse(3, { from_ms: 100_000, step_s: 2, steps: [streamStep({ mos: 0.9 })] });
  // VOICE falls to 1 in its fourth second, which begins at 103.
  expect(worstOf([LATER, VOICE])).toEqual({ mos: 1, at_ms: 103_000, place: 1 });
  expect(worstOf([VOICE, worse])).toEqual({ mos: 0.9, at_ms: 100_000, place: 1 });
  expect(worstOf([null, streamCourse(4)])).toBeNull();
});

it("a_step_of_a_few_packets_is_no_worst_moment_and_one_of_a_few_that_came_is", () => {
  const usual = streamStep({ mos: 4.3 });
  // Three came of four.
  const end = streamStep({ packets: 3, lost_percentage: 25, mos: 2.3 });
  expect(worstOf([streamCourse(1, { steps: [usual, end] })])?.mos).toBe(4.3);
  // One came of fifty.
  const outage = streamStep({ packets: 1, lost_percentage: 98, mos: 1.1 });
  expect(worstOf([streamCourse(1, { steps: [usual, outage] })])?.mos).toBe(1.1);
});
