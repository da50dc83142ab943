/** One application in the table. */

import { Link } from "@tanstack/react-router";
import { CategoryMark } from "../../components/CategoryMark";
import { Stranger } from "../../components/Stranger";
import type { AppRow } from "../../generated/AppRow";
import type { ToldBy } from "../../generated/ToldBy";
import { appStrings } from "../../lib/app-strings";
import { categoryColor } from "../../lib/categories";
import { count } from "../../lib/format";
import { AmountCells } from "./AmountCells";
import { ROOMY } from "./columns";

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
      <AmountCells of={row} share={share} most={most} color={categoryColor(category)} live={live} />
      <td className={`truncate px-2 text-fg-3 ${ROOMY.told}`} title={toldText(row.told_by)}>
        {toldText(row.told_by)}
      </td>
    </tr>
  );
}

/** What told it, the commonest first: `TLS name 12, DNS answer 3`. */
export function toldText(toldBy: readonly ToldBy[]): string {
  return toldBy.map(({ kind, flows }) => appStrings.told(kind, count(flows))).join(", ");
}
