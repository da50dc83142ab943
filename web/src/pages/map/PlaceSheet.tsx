/** One place of the map: its hosts, what they are for, and what speaks against it. */

import { Link } from "@tanstack/react-router";
import { BarList } from "../../components/BarList";
import { Flag } from "../../components/CountryFlag";
import { Stranger } from "../../components/Stranger";
import type { PlaceHost } from "../../generated/PlaceHost";
import { categoryColor } from "../../lib/categories";
import { byteCountText, count } from "../../lib/format";
import { mapStrings } from "../../lib/map-strings";
import { doubtText } from "../../lib/places";
import { Note } from "../parts/Note";
import { Gone, Sheet, SheetPart } from "../parts/Sheet";
import { doubtOf } from "./MapTip";
import { SpotName } from "./SpotName";
import type { Measure, Opened } from "./spots";

interface Props {
  /** `null` where nothing is there any more. */
  spot: Opened | null;
  by: Measure;
  /** How many places are on the map. */
  drawn: number;
  onClose: () => void;
}

const CATEGORIES = 6;

export function PlaceSheet({ spot, by, drawn, onClose }: Props) {
  if (spot === null) {
    return (
      <Sheet
        label={mapStrings.sheet}
        closeLabel={mapStrings.close}
        onClose={onClose}
        title={mapStrings.sheet}
      >
        <Gone text={mapStrings.gone} hint={mapStrings.goneHint} />
      </Sheet>
    );
  }
  const { country } = spot;
  const title = (
    <>
      {country !== null && <Flag code={country} />}
      <span className="min-w-0">
        <SpotName spot={spot} />
      </span>
    </>
  );
  return (
    <Sheet
      label={mapStrings.sheet}
      closeLabel={mapStrings.close}
      onClose={onClose}
      title={title}
      summary={<Summary spot={spot} />}
    >
      {spot.omitted > 0 && <Note text={mapStrings.notDrawnHere(count(spot.omitted), count(drawn))} />}
      {spot.ofAll && <Note text={mapStrings.ofAllCategories} />}
      {spot.top.length > 0 && (
        <SheetPart title={mapStrings.topHosts}>
          <ul className="mt-1 flex flex-col">
            {spot.top.map((host) => (
              <HostLine key={host.address} host={host} />
            ))}
          </ul>
        </SheetPart>
      )}
      {spot.categories.length > 0 && (
        <SheetPart title={mapStrings.sheetCategories}>
          <div className="-mx-3 mt-1">
            <BarList bars={barsOf(spot, by)} />
          </div>
        </SheetPart>
      )}
      {country !== null && (
        <Link to="/hosts" search={{ country }} className="button self-start">
          {mapStrings.allHosts}
        </Link>
      )}
    </Sheet>
  );
}

function Summary({ spot }: { spot: Opened }) {
  return (
    <>
      {spot.isCountry && <p className="basis-full text-fg-3">{mapStrings.precision.country}</p>}
      <span>{mapStrings.hosts(count(spot.hosts))}</span>
      <span>{mapStrings.flows(count(spot.flows))}</span>
      <span className="inline-flex items-center gap-1.5">
        <i className="swatch size-2 rounded-xs bg-(--in)" />
        {mapStrings.fromThem} {byteCountText(spot.bytesFrom)}
      </span>
      <span className="inline-flex items-center gap-1.5">
        <i className="swatch size-2 rounded-xs bg-(--out)" />
        {mapStrings.toThem} {byteCountText(spot.bytesTo)}
      </span>
      {doubtOf(spot) !== "" && (
        <p className="basis-full rounded-md border border-fg-3 border-dashed px-2 py-1 text-fg-2">
          {doubtOf(spot)}
        </p>
      )}
    </>
  );
}

function HostLine({ host }: { host: PlaceHost }) {
  const about = [host.organization, host.app].filter((part) => part !== null).join(", ");
  return (
    <li className="border-line border-b py-1 last:border-0">
      <Link to="/hosts" search={{ sel: host.address }} className="block rounded hover:bg-raised">
        <span className="flex min-h-5 items-center gap-2">
          <Stranger name={host.name ?? host.address} mono={host.name === null} className="font-medium" />
          <span className="ml-auto shrink-0 text-fg-2">{byteCountText(host.bytes)}</span>
        </span>
        {host.name !== null && <span className="mono block truncate text-fg-3">{host.address}</span>}
        {about !== "" && <Stranger name={about} className="block text-fg-3" />}
        {host.doubt !== null && <span className="block text-fg-2 text-meta">{doubtText(host.doubt)}</span>}
      </Link>
    </li>
  );
}

function barsOf(spot: Opened, by: Measure) {
  return spot.categories
    .toSorted((a, b) => b[by] - a[by])
    .slice(0, CATEGORIES)
    .map((one) => ({
      key: one.category ?? "",
      label: one.category ?? mapStrings.noCategory,
      value: one[by],
      text: by === "flows" ? count(one.flows) : byteCountText(one.bytes),
      color: one.category === null ? "var(--line-strong)" : categoryColor(one.category),
    }));
}
