import { expect, it } from "vitest";
import { type CompositionSearch, unitOf } from "./unit";

it("a_unit_that_there_is_none_of_is_the_usual_one", () => {
  expect(unitOf({ unit: "packets" })).toBe("packets");
  expect(unitOf({})).toBe("bytes");
  // As the router hands it on when somebody typed it.
  const typed: object = { unit: "horses" };
  expect(unitOf(typed satisfies CompositionSearch)).toBe("bytes");
});
