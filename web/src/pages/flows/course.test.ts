import { expect, it, vi } from "vitest";
import type { FlowCourse } from "../../generated/FlowCourse";
import type { FlowStep } from "../../generated/FlowStep";
import { FlowCharts } from "./course";

const STEP: FlowStep = {
  up_bps: 0,
  down_bps: 0,
  packets_per_second: 0,
  rtt_client_ms: null,
  rtt_server_ms: null,
  resent: 0,
  disordered: 0,
};

/** Ten steps of half a second from second 100 on; the step counts its place. */
const COURSE: FlowCourse = {
  packets: 10,
  first_packet: 1,
  last_packet: 10,
  is_cut: false,
  from_ms: 100_000,
  step_s: 0.5,
  steps: Array.from({ length: 10 }, (_, resent) => ({ ...STEP, resent })),
};

function shown(charts: FlowCharts) {
  return charts.lines([({ resent }) => resent, ({ rtt_server_ms }) => rtt_server_ms])("every");
}

it("a_step_stands_in_its_middle", () => {
  const charts = new FlowCharts();
  charts.show(COURSE);
  const { x, y, span } = shown(charts);
  expect(x.slice(0, 2)).toEqual([100.25, 100.75]);
  expect(y[0]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  // No sample is a gap, never a zero.
  expect(y[1]?.every((value) => value === null)).toBe(true);
  expect(span).toEqual({ from: 100, to: 105 });
});

it("of_the_step_that_ends_with_the_flow_counts_are_drawn_and_rates_are_not", () => {
  const charts = new FlowCharts();
  charts.show(COURSE);
  const rates = charts.lines([({ up_bps }) => up_bps], "rates");
  // Nine of ten steps, the last of which stands in the middle of 104.0 and 104.5.
  expect(rates("every").x).toHaveLength(9);
  expect(rates("every").x.at(-1)).toBe(104.25);
  expect(shown(charts).x).toHaveLength(10);
  charts.show({ ...COURSE, steps: [STEP] });
  expect(rates("every").x).toEqual([100.25]);
});

it("a_zoom_shows_its_steps_and_the_way_back_all", () => {
  const charts = new FlowCharts();
  charts.show(COURSE);
  charts.events.zoom(101, 103);
  expect(shown(charts)).toMatchObject({ x: [101.25, 101.75, 102.25, 102.75], span: { from: 101, to: 103 } });
  charts.events.pan(10, true);
  // Not past the end.
  expect(shown(charts).span).toEqual({ from: 103, to: 105 });
  charts.events.back();
  expect(shown(charts).span).toEqual({ from: 100, to: 105 });
});

it("closer_than_three_steps_nothing_zooms", () => {
  const charts = new FlowCharts();
  charts.show(COURSE);
  charts.events.zoom(101, 102);
  expect(shown(charts).span).toEqual({ from: 100, to: 105 });
});

it("without_steps_there_is_nothing_to_draw", () => {
  const charts = new FlowCharts();
  charts.show({ ...COURSE, from_ms: null, steps: [] });
  expect(shown(charts)).toEqual({ x: [], y: [[], []], breaks: [], span: null });
});

it("whoever_subscribed_paints_at_every_change", () => {
  const charts = new FlowCharts();
  const paint = vi.fn();
  const end = charts.subscribe(paint);
  charts.show(COURSE);
  charts.events.zoom(101, 103);
  end();
  charts.events.clear();
  expect(paint).toHaveBeenCalledTimes(2);
});
