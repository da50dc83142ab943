/** Where something is, from the smallest to the largest: each part is a stranger's text in a direction of its own. */

import { Fragment } from "react";
import type { Place } from "../generated/Place";
import { placeParts } from "../lib/places";

interface Props {
  place: Pick<Place, "city" | "region" | "country">;
}

/** Nothing where nobody knows. */
export function PlaceName({ place }: Props) {
  return placeParts(place).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a city may be called as its country is
    <Fragment key={`${index} ${part}`}>
      {index > 0 && ", "}
      <bdi>{part}</bdi>
    </Fragment>
  ));
}
