// @vitest-environment jsdom

import { render } from "@testing-library/react";
import { expect, it } from "vitest";
import { PlaceName } from "./PlaceName";

it("each_part_of_a_place_has_a_direction_of_its_own", () => {
  // The city is written from right to left: in one run with the others it would change places with them.
  const place = { city: "حيفا", region: "1st District", country: "FR" };
  const { container } = render(<PlaceName place={place} />);
  expect([...container.querySelectorAll("bdi")].map(({ textContent }) => textContent)).toEqual([
    "حيفا",
    "1st District",
    "France",
  ]);
  expect(container.textContent).toBe("حيفا, 1st District, France");
});

it("a_place_that_nobody_knows_is_nothing", () => {
  const { container } = render(<PlaceName place={{ city: null, region: null, country: null }} />);
  expect(container.textContent).toBe("");
});
