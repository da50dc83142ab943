/** The places and the countries as tables and files. */

import { byteCountText, count } from "../../lib/format";
import { mapStrings } from "../../lib/map-strings";
import { countryName, placeText } from "../../lib/places";
import type { Table } from "../../lib/table";
import { doubtOf } from "./MapTip";
import { type CountryAmount, type Measure, precisionOf, type Spot } from "./spots";

export function tableOf(spots: readonly Spot[]): Table {
  const { columns, exact } = mapStrings;
  return {
    columns: [
      { label: columns.place },
      { label: columns.country, roomy: true },
      { label: columns.precision, roomy: true },
      { label: columns.hosts, text: count },
      { label: columns.flows, text: count, roomy: true },
      { label: columns.bytes, unit: "bytes", text: byteCountText },
      { label: columns.from, unit: "bytes", text: byteCountText, roomy: true },
      { label: columns.to, unit: "bytes", text: byteCountText, roomy: true },
      { label: columns.doubt, roomy: true },
    ],
    rows: () =>
      spots.map((spot) => [
        placeText(spot) ?? spot.name,
        spot.country ?? "",
        exact[precisionOf(spot)],
        spot.hosts,
        spot.flows,
        spot.bytes,
        spot.bytesFrom,
        spot.bytesTo,
        doubtOf(spot),
      ]),
  };
}

export function countriesTable(countries: readonly CountryAmount[], by: Measure): Table {
  const { columns, measures, notThere } = mapStrings;
  const amount = by === "flows" ? { text: count } : { unit: "bytes", text: byteCountText };
  return {
    columns: [{ label: columns.country }, { label: measures[by], ...amount }, { label: notThere, ...amount }],
    rows: () => countries.map((one) => [countryName(one.country), one.amount, one.doubtful]),
  };
}
