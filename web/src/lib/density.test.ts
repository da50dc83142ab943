// @vitest-environment jsdom

import { expect, it } from "vitest";
import { setDensity, useDensity } from "./density";

it("the_choice_is_kept_and_told_to_the_styles", () => {
  expect(useDensity.getState().density).toBe("compact");
  setDensity("comfortable");
  expect(document.documentElement.dataset.density).toBe("comfortable");
  expect(localStorage.getItem("netsonde.density")).toBe("comfortable");
});
