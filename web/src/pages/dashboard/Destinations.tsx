/** Where the traffic goes: a small map, ranked countries where it has no room, and a table for everybody. */

import { Link } from "@tanstack/react-router";
import { useMemo, useRef } from "react";
import { Flag } from "../../components/CountryFlag";
import { pngOf } from "../../components/chart-picture";
import { Panel } from "../../components/Panel";
import { useSize } from "../../components/size";
import type { CountrySums } from "../../generated/CountrySums";
import type { HostGroup } from "../../generated/HostGroup";
import type { PlacesTopic } from "../../generated/PlacesTopic";
import { byteCountText, count, share } from "../../lib/format";
import { mapStrings } from "../../lib/map-strings";
import { countryName } from "../../lib/places";
import type { Table } from "../../lib/table";
import { SmallMap } from "../map/SmallMap";
import { CountryRow } from "../map/Surroundings";
import { countriesOf } from "../map/spots";

interface Props {
  topic: PlacesTopic;
  className: string;
}

/** Narrower than this places would lie over each other. */
const LEAST_WIDTH = 440;
const BARS = 8;
/** Width by height of the world. */
const WORLD = 2;
/** What is left under it must be as high for a line of the largest countries. */
const LINE_PX = 28;
const LARGEST = 3;

export function Destinations({ topic, className }: Props) {
  const area = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = useSize(area);
  const table = useMemo(() => tableOf(topic.countries), [topic]);
  const picture = useMemo(
    () => ({ ending: "png" as const, make: () => pngOf(canvas.current, mapStrings.destinations, []) }),
    [],
  );
  const narrow = width > 0 && width < LEAST_WIDTH;
  return (
    <Panel
      title={mapStrings.destinations}
      meta={mapStrings.countriesSeen(count(topic.countries.length))}
      className={className}
      table={table}
      {...(narrow ? {} : { picture })}
    >
      <div ref={area} className={narrow ? "" : "flex min-h-64 flex-1 flex-col"}>
        {narrow && <Countries topic={topic} />}
        {!narrow && width > 0 && (
          <>
            <div className="relative min-h-0 flex-1">
              <SmallMap topic={topic} canvas={canvas} />
            </div>
            {height - width / WORLD > LINE_PX && <Largest topic={topic} />}
          </>
        )}
      </div>
    </Panel>
  );
}

function Countries({ topic }: { topic: PlacesTopic }) {
  const countries = countriesOf(topic, { category: null, by: "bytes" });
  const whole = countries.reduce((all, { amount }) => all + amount, 0);
  const most = countries[0]?.amount ?? 0;
  if (countries.length === 0) return <p className="px-3 pb-3 text-fg-3">{mapStrings.none}</p>;
  return (
    <ul className="flex flex-col gap-0.5 px-2 pb-2 text-table">
      {countries.slice(0, BARS).map((of) => (
        <li key={of.country}>
          <Link
            to="/map"
            search={{ sel: of.country }}
            className="block rounded px-1 py-0.5 hover:bg-raised"
            title={mapStrings.onTheMap(countryName(of.country))}
          >
            <CountryRow of={of} whole={whole} most={most} text={byteCountText} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** Under a map that leaves room. */
function Largest({ topic }: { topic: PlacesTopic }) {
  const countries = countriesOf(topic, { category: null, by: "bytes" });
  const whole = countries.reduce((all, { amount }) => all + amount, 0);
  return (
    <ul className="flex justify-between gap-x-2 px-2 pb-1 text-table">
      {countries.slice(0, LARGEST).map(({ country, amount, doubtful }) => (
        <li key={country} className="min-w-0">
          <Link
            to="/map"
            search={{ sel: country }}
            className="flex min-h-6 items-center gap-1.5 rounded px-1 hover:bg-raised"
            title={mapStrings.onTheMap(countryName(country))}
          >
            <Flag code={country} />
            <span className={`truncate ${doubtful < amount ? "" : "line-through"}`}>
              {countryName(country)}
            </span>
            {doubtful >= amount && <span className="sr-only">({mapStrings.notThere})</span>}
            <span className="text-fg-2">{share(whole === 0 ? null : amount / whole)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function bytesOf({ bytes_from, bytes_to }: HostGroup): number {
  return bytes_from + bytes_to;
}

function tableOf(countries: readonly CountrySums[]): Table {
  const { columns } = mapStrings;
  return {
    columns: [
      { label: columns.country },
      { label: columns.hosts, text: count },
      { label: columns.bytes, unit: "bytes", text: byteCountText },
      { label: mapStrings.notThere, unit: "bytes", text: byteCountText, roomy: true },
    ],
    rows: () =>
      countries.map(({ country, sums, doubtful }) => [
        countryName(country),
        sums.hosts,
        bytesOf(sums),
        bytesOf(doubtful),
      ]),
  };
}
