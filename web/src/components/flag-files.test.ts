import { expect, it } from "vitest";
import { FLAG_FILES } from "./flag-files";

it("every_country_has_a_flag_under_its_code", () => {
  // ISO 3166-1 has 249 countries; some makers of flags draw a few more.
  expect(FLAG_FILES.size).toBeGreaterThanOrEqual(249);
  expect(FLAG_FILES.get("DE")).toMatch(/DE\.svg/);
  expect(FLAG_FILES.get("QQ")).toBeUndefined();
});
