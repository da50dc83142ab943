/** Where the traffic goes: a small map, ranked countries where it has no room, and a table for everybody. */

import { useNavigate } from "@tanstack/react-router";
import { useMemo, useRef } from "react";
import { BarList } from "../../components/BarList";
import { pngOf } from "../../components/chart-picture";
import { Panel } from "../../components/Panel";
import { useSize } from "../../components/size";
import type { CountrySums } from "../../generated/CountrySums";
import type { HostGroup } from "../../generated/HostGroup";
import type { PlacesTopic } from "../../generated/PlacesTopic";
import { byteCountText, count } from "../../lib/format";
import { mapStrings } from "../../lib/map-strings";
import { countryName } from "../../lib/places";
import type { Table } from "../../lib/table";
import { SmallMap } from "../map/SmallMap";

interface Props {
  topic: PlacesTopic;
  className: string;
}

/** Narrower than this places would lie over each other. */
const LEAST_WIDTH = 440;
const BARS = 8;

export function Destinations({ topic, className }: Props) {
  const area = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width } = useSize(area);
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
      <div ref={area} className={narrow ? "" : "relative min-h-64 flex-1"}>
        {narrow && <Countries countries={topic.countries} />}
        {!narrow && width > 0 && <SmallMap topic={topic} canvas={canvas} />}
      </div>
    </Panel>
  );
}

function Countries({ countries }: { countries: readonly CountrySums[] }) {
  const navigate = useNavigate();
  const whole = countries.reduce((all, { sums }) => all + bytesOf(sums), 0);
  const bars = countries.slice(0, BARS).map(({ country, sums }) => ({
    key: country,
    label: countryName(country),
    value: bytesOf(sums),
    text: byteCountText(bytesOf(sums)),
    color: "var(--accent)",
  }));
  if (bars.length === 0) return <p className="px-3 pb-3 text-fg-3">{mapStrings.none}</p>;
  return (
    <BarList
      bars={bars}
      whole={whole}
      pick={{
        hint: mapStrings.onTheMap,
        go: (country) => void navigate({ to: "/map", search: { sel: country } }),
      }}
    />
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
