/** What a place of the map is called. */

import { PlaceName } from "../../components/PlaceName";
import { placeParts } from "../../lib/places";
import type { Spot } from "./spots";

interface Props {
  spot: Pick<Spot, "name" | "city" | "region" | "country">;
}

/** Its parts each in a direction of its own; where nobody knows any, that. */
export function SpotName({ spot }: Props) {
  return placeParts(spot).length === 0 ? spot.name : <PlaceName place={spot} />;
}
