/** The same places in rows, for whoever reads numbers. */

import { Flag } from "../../components/CountryFlag";
import { byteCountText, count } from "../../lib/format";
import { mapStrings } from "../../lib/map-strings";
import { doubtOf, partOf } from "./MapTip";
import { SpotName } from "./SpotName";
import { precisionOf, type Spot } from "./spots";

interface Props {
  spots: readonly Spot[];
  /** The key of the place that is open. */
  open: string | null;
  /** Without the map: where the page scrolls, the list need not. */
  alone?: boolean;
  onOpen: (key: string) => void;
}

/** Less room is no room for a list. */
export const LEAST_LIST_PX = 176;

const ROOMY = "@max-2xl/panel:hidden";
const HEAD = "px-3 text-right font-medium whitespace-nowrap";
const CELL = "px-3 text-right whitespace-nowrap";

export function PlaceList({ spots, open, alone = false, onOpen }: Props) {
  const { columns, exact } = mapStrings;
  return (
    <section
      className={`mb-1 flex-1 basis-0 overflow-auto focus-visible:-outline-offset-2 ${alone ? "max-lg:basis-auto" : ""}`}
      style={{ minHeight: LEAST_LIST_PX }}
      aria-label={mapStrings.list}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <table className="w-full text-table">
        <thead className="sticky top-0 bg-panel text-fg-3 text-meta">
          <tr className="h-6">
            <th scope="col" className="px-3 text-left font-medium">
              {columns.place}
            </th>
            <th scope="col" className={`px-3 text-left font-medium ${ROOMY}`}>
              {columns.precision}
            </th>
            <th scope="col" className={HEAD}>
              {columns.hosts}
            </th>
            <th scope="col" className={`${HEAD} ${ROOMY}`}>
              {columns.flows}
            </th>
            <th scope="col" className={`${HEAD} ${ROOMY}`}>
              {columns.from}
            </th>
            <th scope="col" className={`${HEAD} ${ROOMY}`}>
              {columns.to}
            </th>
            <th scope="col" className={HEAD}>
              {columns.bytes}
            </th>
          </tr>
        </thead>
        <tbody>
          {spots.map((spot) => (
            <tr
              key={spot.key}
              className={`h-(--row) hover:bg-raised ${spot.key === open ? "bg-raised" : ""}`}
            >
              <th scope="row" className="px-3 py-0.5 text-left font-normal">
                <button
                  type="button"
                  className="flex min-h-6 min-w-0 items-center gap-1.5 text-left hover:underline"
                  aria-pressed={spot.key === open}
                  onClick={() => onOpen(spot.key)}
                >
                  {spot.country !== null && <Flag code={spot.country} />}
                  <span>
                    <SpotName spot={spot} />
                  </span>
                </button>
                {partOf(spot) !== "" && <p className="text-fg-2 text-meta">{partOf(spot)}</p>}
                {spot.reason !== null && <p className="text-fg-2 text-meta">{doubtOf(spot)}</p>}
              </th>
              <td className={`px-3 text-fg-2 ${ROOMY}`}>{exact[precisionOf(spot)]}</td>
              <td className={CELL}>{count(spot.hosts)}</td>
              <td className={`${CELL} ${ROOMY}`}>{count(spot.flows)}</td>
              <td className={`${CELL} ${ROOMY}`}>{byteCountText(spot.bytesFrom)}</td>
              <td className={`${CELL} ${ROOMY}`}>{byteCountText(spot.bytesTo)}</td>
              <td className={CELL}>{byteCountText(spot.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
