import { expect, it } from "vitest";
import type { Range } from "./range";
import { arrived, back, cleared, NO_ZOOM, panned, zoomed } from "./zoom";

const FIVE: Range = { kind: "following", seconds: 300 };
const WIDE: Range = { kind: "between", from: 100, to: 200 };
const CLOSE: Range = { kind: "between", from: 120, to: 140 };
const ASIDE: Range = { kind: "between", from: 140, to: 160 };

it("each_step_back_undoes_one_zoom", () => {
  const twice = zoomed(zoomed({ range: FIVE, earlier: [] }, WIDE), CLOSE);
  expect(back(twice).range).toEqual(WIDE);
  expect(back(back(twice))).toEqual({ range: FIVE, earlier: [] });
  expect(back(NO_ZOOM)).toBe(NO_ZOOM);
});

it("clearing_goes_to_the_range_that_followed", () => {
  const twice = zoomed(zoomed({ range: FIVE, earlier: [] }, WIDE), CLOSE);
  expect(cleared(twice)).toEqual({ range: FIVE, earlier: [] });
  // An address that began with two moments has nothing to go back to but the default.
  expect(cleared({ range: WIDE, earlier: [] }).range).toBeNull();
});

it("moving_a_zoom_is_no_step_and_leaving_the_present_is_one", () => {
  const close = zoomed({ range: FIVE, earlier: [] }, CLOSE);
  expect(panned(close, ASIDE)).toEqual({ range: ASIDE, earlier: [FIVE] });
  expect(panned({ range: FIVE, earlier: [] }, WIDE)).toEqual({ range: WIDE, earlier: [FIVE] });
});

it("the_same_range_again_is_no_step", () => {
  const close = zoomed(NO_ZOOM, CLOSE);
  expect(zoomed(close, { ...CLOSE })).toBe(close);
  expect(arrived(close, { ...CLOSE })).toBe(close);
});

it("the_browsers_back_button_takes_the_steps_with_it", () => {
  const twice = zoomed(zoomed({ range: FIVE, earlier: [] }, WIDE), CLOSE);
  expect(arrived(twice, FIVE)).toEqual({ range: FIVE, earlier: [] });
  expect(arrived(twice, WIDE)).toEqual({ range: WIDE, earlier: [FIVE] });
  // An address typed by hand begins anew.
  expect(arrived(twice, ASIDE)).toEqual({ range: ASIDE, earlier: [] });
});
