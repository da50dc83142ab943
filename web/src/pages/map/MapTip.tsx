/** What a mark of the map stands for, beside it. */

import { Flag } from "../../components/CountryFlag";
import type { Size } from "../../components/size";
import { byteCountText, count, share } from "../../lib/format";
import { mapStrings } from "../../lib/map-strings";
import { placeText } from "../../lib/places";
import { type Cluster, isHollow, type Spot } from "./spots";

const MOST_LINES = 6;
const WIDTH_PX = 248;
/** As high as it gets, but for long names. */
const HEIGHT_PX = 150;
/** So far from the mark. */
const AWAY_PX = 14;

export function MapTip({ cluster, size }: { cluster: Cluster; size: Size }) {
  const { x, y, spots } = cluster;
  const [first] = spots;
  if (first === undefined) return null;
  const left = Math.max(4, Math.min(size.width - WIDTH_PX - 4, x + AWAY_PX));
  // Below the mark, else above it, else over it: never cut off.
  const above = y + AWAY_PX + HEIGHT_PX > size.height && y - AWAY_PX > HEIGHT_PX;
  const top = Math.max(4, Math.min(y + AWAY_PX, size.height - HEIGHT_PX));
  return (
    <div
      role="tooltip"
      className="popup pointer-events-none absolute z-10 w-max max-w-[248px] px-2.5 py-1.5 text-table"
      style={above ? { left, bottom: size.height - y + AWAY_PX } : { left, top }}
    >
      {spots.length === 1 ? <One spot={first} /> : <Several spots={spots} />}
    </div>
  );
}

function One({ spot }: { spot: Spot }) {
  const { isCountry, hosts, flows, bytesFrom, bytesTo, reason } = spot;
  return (
    <>
      <p className="flex items-center gap-1.5 font-semibold">
        {spot.country !== null && <Flag code={spot.country} />}
        <span>{placeText(spot) ?? spot.name}</span>
      </p>
      {isCountry && <p className="text-fg-3 text-meta">{mapStrings.precision.country}</p>}
      {partOf(spot) !== "" && <p className="font-medium">{partOf(spot)}</p>}
      <p className="text-fg-2">
        {mapStrings.hosts(count(hosts))}, {mapStrings.flows(count(flows))}
      </p>
      <p className="flex flex-wrap gap-x-3 text-fg-2">
        <span className="whitespace-nowrap">
          <i className="swatch mr-1 inline-block size-2 rounded-xs bg-(--in)" />
          {mapStrings.fromThem} {byteCountText(bytesFrom)}
        </span>
        <span className="whitespace-nowrap">
          <i className="swatch mr-1 inline-block size-2 rounded-xs bg-(--out)" />
          {mapStrings.toThem} {byteCountText(bytesTo)}
        </span>
      </p>
      {reason !== null && <p className="mt-0.5 text-fg">{doubtOf(spot)}</p>}
    </>
  );
}

function Several({ spots }: { spots: readonly Spot[] }) {
  return (
    <>
      <p className="font-semibold">{mapStrings.group(count(spots.length))}</p>
      <ul>
        {spots.slice(0, MOST_LINES).map((spot) => (
          <li key={spot.key} className="flex gap-3 text-fg-2">
            <span className="min-w-0 truncate">{spot.name}</span>
            <span className="ml-auto shrink-0">{byteCountText(spot.bytes)}</span>
          </li>
        ))}
      </ul>
      <p className="text-fg-3 text-meta">
        {spots.length > MOST_LINES ? mapStrings.more(count(spots.length - MOST_LINES)) : mapStrings.groupHint}
      </p>
    </>
  );
}

/** The part of a place that is looked at; blank where that is all of it. */
export function partOf({ shown: { category, by }, amount }: Spot): string {
  if (category === null) return "";
  const text = by === "flows" ? mapStrings.flows(count(amount)) : byteCountText(amount);
  return mapStrings.part(category, text);
}

const DOUBTS = { anycast: "anycast", too_far: "tooFar", either: "notThereAtAll" } as const;

/** What is to be said against a place, of all its hosts or of some. */
export function doubtOf(spot: Pick<Spot, "reason" | "sure" | "doubtful" | "amount">): string {
  if (spot.reason === null && spot.doubtful === 0) return "";
  if (isHollow(spot)) return mapStrings[DOUBTS[spot.reason ?? "either"]];
  const part = spot.amount === 0 ? 0 : spot.doubtful / spot.amount;
  return mapStrings.notThereOf(share(part));
}

/** A spot in a line, for those who hear it. */
export function spotWords(spot: Spot): string {
  return [
    placeText(spot) ?? spot.name,
    mapStrings.hosts(count(spot.hosts)),
    partOf(spot) === "" ? byteCountText(spot.bytes) : partOf(spot),
    doubtOf(spot),
  ]
    .filter((words) => words !== "")
    .join(", ");
}
