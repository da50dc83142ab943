/** The headings of the table of applications; most of them sort it. */

import { ArrowDown, ArrowUp } from "lucide-react";
import { Hinted, Term } from "../../components/Term";
import { appStrings } from "../../lib/app-strings";
import type { AppSort } from "./address";
import type { Column } from "./columns";

interface Sorting {
  sort: AppSort;
  rising: boolean;
  onSort: (sort: AppSort) => void;
}

export function Headings({ columns, ...sorting }: Sorting & { columns: readonly Column[] }) {
  return (
    <thead className="text-fg-3 text-meta">
      <tr className="h-7 border-line border-b">
        {columns.map((column) => {
          const { by } = column;
          return by === undefined ? (
            <Heading key={column.id} {...column} />
          ) : (
            <SortHeading key={column.id} {...column} {...sorting} by={by} />
          );
        })}
      </tr>
    </thead>
  );
}

function Heading({ id, hint, className }: Column) {
  const label = appStrings.columns[id];
  return (
    <th scope="col" className={`px-2 text-left font-medium ${className}`}>
      {hint === undefined ? label : <Term label={label} hint={hint} />}
    </th>
  );
}

type SortProps = Column & Sorting & { by: AppSort };

function SortHeading({ id, by, hint, right = false, className, sort, rising, onSort }: SortProps) {
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
        {appStrings.columns[id]}
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
