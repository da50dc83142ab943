/** The headings of the table of applications; most of them sort it. */

import { SortHeading } from "../../components/SortHeading";
import { Term } from "../../components/Term";
import { appStrings } from "../../lib/app-strings";
import type { AppSort } from "./address";
import type { Column } from "./columns";

interface Sorting {
  sort: AppSort;
  rising: boolean;
  onSort: (sort: AppSort) => void;
}

export function Headings({ columns, sort, rising, onSort }: Sorting & { columns: readonly Column[] }) {
  const way = rising ? "ascending" : "descending";
  return (
    <thead className="text-fg-3 text-meta">
      <tr className="h-7 border-line border-b">
        {columns.map((column) => {
          const { id, by } = column;
          return by === undefined ? (
            <Heading key={id} {...column} />
          ) : (
            <SortHeading
              key={id}
              {...column}
              label={appStrings.columns[id]}
              sorted={sort === by ? way : null}
              onSort={() => onSort(by)}
            />
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
