/** What a mark of the map stands for, beside it. */

import { Flag } from "../../components/CountryFlag";
import { Stranger } from "../../components/Stranger";
import type { Size } from "../../components/size";
import type { PlaceHost } from "../../generated/PlaceHost";
import { byteCountText, count, share } from "../../lib/format";
import { mapStrings } from "../../lib/map-strings";
import { placeText } from "../../lib/places";
import { SpotName } from "./SpotName";
import { type Cluster, isHollow, type Spot } from "./spots";

const MOST_LINES = 6;
const MOST_HOSTS = 3;
const WIDTH_PX = 272;
/** As high as it gets, but for long names: without hosts, and with them. */
const HEIGHT_PX = 150;
const HEIGHT_WITH_HOSTS_PX = 216;
/** So far from the mark. */
const AWAY_PX = 14;

export function MapTip({ cluster, size }: { cluster: Cluster; size: Size }) {
  const { x, y, spots } = cluster;
  const [first] = spots;
  if (first === undefined) return null;
  const left = Math.max(4, Math.min(size.width - WIDTH_PX - 4, x + AWAY_PX));
  const hosts = size.height > HEIGHT_WITH_HOSTS_PX ? MOST_HOSTS : 0;
  const height = hosts === 0 || spots.length > 1 ? HEIGHT_PX : HEIGHT_WITH_HOSTS_PX;
  // Below the mark, else above it, else over it: never cut off.
  const above = y + AWAY_PX + height > size.height && y - AWAY_PX > height;
  const top = Math.max(4, Math.min(y + AWAY_PX, size.height - height));
  return (
    <div
      role="tooltip"
      className="popup pointer-events-none absolute z-10 w-max max-w-[272px] px-2.5 py-1.5 text-table"
      style={above ? { left, bottom: size.height - y + AWAY_PX } : { left, top }}
    >
      {spots.length === 1 ? <One spot={first} most={hosts} /> : <Several spots={spots} />}
    </div>
  );
}

/** `most`: of its hosts, those with the most bytes. */
function One({ spot, most }: { spot: Spot; most: number }) {
  const { isCountry, hosts, flows, bytesFrom, bytesTo } = spot;
  const top = spot.top.slice(0, most);
  const doubt = doubtOf(spot);
  return (
    <>
      <p className="flex items-center gap-1.5 font-semibold">
        {spot.country !== null && <Flag code={spot.country} />}
        <span className="min-w-0">
          <SpotName spot={spot} />
        </span>
      </p>
      {isCountry && <p className="text-fg-3 text-meta">{mapStrings.precision.countryShort}</p>}
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
      {top.length > 0 && (
        <ul className="mt-1 border-line border-t pt-1">
          {top.map((host) => (
            <TopHost key={host.address} host={host} />
          ))}
        </ul>
      )}
      {doubt !== "" && (
        <p className="mt-1 border-line border-t pt-1">
          <span className="mr-1 text-warn" aria-hidden="true">
            ▲
          </span>
          {doubt}
        </p>
      )}
    </>
  );
}

/** Who it is, who runs it, and how much. */
function TopHost({ host: { address, name, organization, bytes } }: { host: PlaceHost }) {
  return (
    <li className="flex items-baseline gap-1.5">
      <Stranger name={name ?? address} mono={name === null} />
      {organization !== null && <Stranger name={organization} className="shrink-[4] text-fg-3 text-meta" />}
      <span className="ml-auto shrink-0 pl-1.5 text-fg-2">{byteCountText(bytes)}</span>
    </li>
  );
}

function Several({ spots }: { spots: readonly Spot[] }) {
  return (
    <>
      <p className="font-semibold">{mapStrings.group(count(spots.length))}</p>
      <ul>
        {spots.slice(0, MOST_LINES).map((spot) => (
          <li key={spot.key} className="flex gap-3 text-fg-2">
            <bdi className="min-w-0 truncate">{spot.name}</bdi>
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
