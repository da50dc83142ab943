/** The applications in a table: its headings sort, its rows lead to their flows. */

import type { AppRow } from "../../generated/AppRow";
import { amountOf, type Measure, shareOf } from "../parts/app-shares";
import { useHeldOrder } from "../parts/use-held-order";
import { ApplicationRow } from "./ApplicationRow";
import type { AppSort } from "./address";
import { columnsOf } from "./columns";
import { Headings } from "./Headings";
import type { Amounts } from "./shown";
import { UnlabelledRow } from "./UnlabelledRow";

interface Props {
  rows: readonly AppRow[];
  unlabelled: Amounts | null;
  measure: Measure;
  whole: number;
  /** Whether there are rates at this moment, which a file has none of. */
  live: boolean;
  sort: AppSort;
  rising: boolean;
  onSort: (sort: AppSort) => void;
  onOpen: (app: string) => void;
}

export function AppTable(props: Props) {
  const { unlabelled, measure, whole, live, sort, rising } = props;
  const { rows, isHeld, watch } = useHeldOrder(props.rows, nameOf, `${sort} ${rising} ${measure}`);
  const most = Math.max(
    ...rows.map((row) => shareOf(amountOf(row, measure), whole) ?? 0),
    unlabelled === null ? 0 : (shareOf(amountOf(unlabelled, measure), whole) ?? 0),
  );
  return (
    <div className="@container px-1 pb-2" {...watch}>
      <table className="w-full table-fixed text-table" data-held={isHeld ? "" : undefined}>
        <Headings columns={columnsOf(measure, live)} sort={sort} rising={rising} onSort={props.onSort} />
        <tbody>
          {rows.map((row) => (
            <ApplicationRow
              key={row.app}
              row={row}
              share={shareOf(amountOf(row, measure), whole)}
              most={most}
              live={live}
              onOpen={props.onOpen}
            />
          ))}
          {unlabelled !== null && (
            <UnlabelledRow
              of={unlabelled}
              share={shareOf(amountOf(unlabelled, measure), whole)}
              most={most}
              live={live}
              onOpen={() => props.onOpen("")}
            />
          )}
        </tbody>
      </table>
    </div>
  );
}

function nameOf({ app }: AppRow): string {
  return app;
}
