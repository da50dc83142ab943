/** The applications in a table: its headings sort, its rows lead to their flows. */

import { ArrowDown, ArrowUp } from "lucide-react";
import { Hinted, Term } from "../../components/Term";
import type { AppRow } from "../../generated/AppRow";
import { appStrings } from "../../lib/app-strings";
import { amountOf, type Measure, shareOf } from "../parts/app-shares";
import { ApplicationRow } from "./ApplicationRow";
import type { AppSort } from "./address";
import { ROOMY } from "./columns";
import type { Amounts } from "./shown";
import { UnlabelledRow } from "./UnlabelledRow";
import { useHeldOrder } from "./use-held-order";

const { columns, hints } = appStrings;

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
        <thead className="text-fg-3 text-meta">
          <tr className="h-7 border-line border-b">
            <Heading {...props} by="app" label={columns.app} className="@2xl:w-[17%] w-[38%]" />
            <Heading
              {...props}
              by="category"
              label={columns.category}
              className={`w-[11%] ${ROOMY.category}`}
            />
            <Heading {...props} by="share" label={columns.share} hint={hints.share[measure]} />
            {live && (
              <Heading
                {...props}
                by="rate"
                label={columns.rate}
                hint={hints.rate}
                right
                className="w-20 @2xl:w-22"
              />
            )}
            {live && (
              <th scope="col" className={`w-26 px-2 text-left font-medium ${ROOMY.recent}`}>
                {columns.recent}
              </th>
            )}
            <Heading
              {...props}
              by="bytes"
              label={columns.bytes}
              hint={hints.bytes}
              right
              className={`w-20 ${live ? ROOMY.bytes : ""}`}
            />
            <Heading
              {...props}
              by="up"
              label={columns.up}
              hint={hints.up}
              right
              className={`w-19 ${ROOMY.up}`}
            />
            <Heading
              {...props}
              by="down"
              label={columns.down}
              hint={hints.down}
              right
              className={`w-19 ${ROOMY.down}`}
            />
            <Heading
              {...props}
              by="flows"
              label={columns.flows}
              hint={hints.flows}
              right
              className={`w-22 ${ROOMY.flows}`}
            />
            <th scope="col" className={`w-[16%] px-2 text-left font-medium ${ROOMY.told}`}>
              <Term label={columns.told} hint={hints.told} />
            </th>
          </tr>
        </thead>
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

interface HeadingProps extends Pick<Props, "sort" | "rising" | "onSort"> {
  by: AppSort;
  label: string;
  hint?: string;
  right?: boolean;
  className?: string;
}

function Heading({ by, label, hint, right = false, className = "", sort, rising, onSort }: HeadingProps) {
  const sorted = sort === by;
  const Arrow = rising ? ArrowUp : ArrowDown;
  const button = (
    <button
      type="button"
      className={`flex h-6 w-full items-center gap-1 px-2 hover:text-fg ${right ? "justify-end" : ""} ${sorted ? "text-fg" : ""}`}
      onClick={() => onSort(by)}
    >
      <span
        className={`truncate ${hint === undefined ? "" : "underline decoration-dotted underline-offset-2"}`}
      >
        {label}
      </span>
      {sorted && <Arrow size={11} aria-hidden="true" className="shrink-0" />}
    </button>
  );
  return (
    <th
      scope="col"
      aria-sort={sorted ? (rising ? "ascending" : "descending") : "none"}
      className={`font-medium ${className}`}
    >
      {hint === undefined ? button : <Hinted hint={hint}>{button}</Hinted>}
    </th>
  );
}
