import { expect, it } from "vitest";
import type { MosMissing } from "../generated/MosMissing";
import { commonMissing, leastMos, mosBand } from "./mos";

it("a_band_begins_with_its_own_number", () => {
  expect([4.41, 4, 3.99, 3.6, 3.59, 3.1, 3.09, 1].map(mosBand)).toEqual([
    "good",
    "good",
    "fair",
    "fair",
    "poor",
    "poor",
    "bad",
    "bad",
  ]);
});

it("streams_without_a_score_do_not_count", () => {
  expect(leastMos([{ mos: 4.1 }, { mos: null }, { mos: 3.2 }])).toBe(3.2);
  expect(leastMos([{ mos: null }])).toBeNull();
});

it("a_reason_is_common_where_all_that_may_be_speech_have_it", () => {
  const common = (...reasons: MosMissing[]) =>
    commonMissing(reasons.map((missing) => ({ mos_basis: { missing } })));
  expect(common("unknown_codec", "unknown_codec")).toBe("unknown_codec");
  expect(common("not_speech", "no_figures")).toBe("no_figures");
  expect(common("not_speech")).toBe("not_speech");
  expect(common("unknown_codec", "no_figures")).toBeNull();
  expect(common()).toBeNull();
});
