/** One application in the table. */

import { Link } from "@tanstack/react-router";
import { CategoryMark } from "../../components/CategoryMark";
import { Sparkline } from "../../components/Sparkline";
import { Stranger } from "../../components/Stranger";
import type { AppRow } from "../../generated/AppRow";
import type { ToldBy } from "../../generated/ToldBy";
import { appStrings } from "../../lib/app-strings";
import { categoryColor } from "../../lib/categories";
import { bitRateText, byteCountText, count } from "../../lib/format";
import { ROOMY } from "./columns";
import { ShareCell } from "./ShareCell";

/** A reading every 2 s of a minute. */
const READINGS = 30;

interface Props {
  row: AppRow;
  share: number | null;
  /** The largest share of the table, which fills the width. */
  most: number;
  live: boolean;
  onOpen: (app: string) => void;
}

export function ApplicationRow({ row, share, most, live, onOpen }: Props) {
  const { app, category } = row;
  return (
    // The link in the first cell does the same for the keyboard.
    <tr className="h-(--row) cursor-default hover:bg-raised" onClick={() => onOpen(app)}>
      <th scope="row" className="px-2 text-left font-normal">
        <span className="flex min-w-0 items-center gap-2">
          <CategoryMark category={category} />
          <Link
            to="/flows"
            search={{ app }}
            title={appStrings.flowsOf(app)}
            className="flex min-h-6 min-w-0 items-center font-medium hover:underline"
            onClick={(event) => event.stopPropagation()}
          >
            <Stranger name={app} />
          </Link>
        </span>
      </th>
      <td className={`px-2 text-fg-2 ${ROOMY.category}`}>
        <Stranger name={category} className="block" />
      </td>
      <ShareCell share={share} most={most} color={categoryColor(category)} />
      {live && (
        <td className={`whitespace-nowrap px-2 text-right ${row.bps === 0 ? "text-fg-3" : ""}`}>
          {bitRateText(row.bps)}
        </td>
      )}
      {live && (
        <td className={`px-2 ${ROOMY.recent}`}>
          <Sparkline
            values={row.recent_bps}
            most={READINGS}
            label={appStrings.recentOf(
              bitRateText(row.recent_bps.length === 0 ? null : Math.max(...row.recent_bps)),
            )}
          />
        </td>
      )}
      <td className={`whitespace-nowrap px-2 text-right ${live ? ROOMY.bytes : ""}`}>
        {byteCountText(row.bytes)}
      </td>
      <td className={`whitespace-nowrap px-2 text-right text-fg-2 ${ROOMY.up}`}>
        {byteCountText(row.bytes_up)}
      </td>
      <td className={`whitespace-nowrap px-2 text-right text-fg-2 ${ROOMY.down}`}>
        {byteCountText(row.bytes_down)}
      </td>
      <td
        className={`whitespace-nowrap px-2 text-right ${ROOMY.flows}`}
        title={live ? appStrings.active(count(row.active_flows)) : undefined}
      >
        {count(row.flows)}
        {live && <Active flows={row.active_flows} />}
      </td>
      <td className={`truncate px-2 text-fg-3 ${ROOMY.told}`} title={toldText(row.told_by)}>
        {toldText(row.told_by)}
      </td>
    </tr>
  );
}

/** As wide in each row, so that the numbers before it stand under each other. */
function Active({ flows }: { flows: number }) {
  return <span className="inline-block min-w-8 text-fg-3"> ({count(flows)})</span>;
}

/** What told it, the commonest first: `TLS name 12, DNS answer 3`. */
export function toldText(toldBy: readonly ToldBy[]): string {
  return toldBy.map(({ kind, flows }) => appStrings.told(kind, count(flows))).join(", ");
}
