/** A panel's numbers as a table, read again once a second. */

import { useEffect, useState } from "react";
import { strings } from "../lib/strings";
import { type Cell, type Column, cellText, type Table } from "../lib/table";
import { Term } from "./Term";

const READ_EVERY_MS = 1_000;

/** Longer tables are for a file: nobody reads them here, and drawing them costs. */
const MOST_ROWS = 300;

export function DataTable({ title, table }: { title: string; table: Table }) {
  const [rows, setRows] = useState(() => table.rows().slice(0, MOST_ROWS));
  useEffect(() => {
    const read = () => {
      if (!document.hidden) setRows(table.rows().slice(0, MOST_ROWS));
    };
    read();
    const timer = setInterval(read, READ_EVERY_MS);
    return () => clearInterval(timer);
  }, [table]);
  return (
    <section
      className="mb-1 min-h-44 flex-1 basis-0 overflow-auto focus-visible:-outline-offset-2"
      aria-label={strings.panel.tableOf(title)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <table className="w-full text-table">
        <thead className="sticky top-0 bg-panel text-fg-3 text-meta">
          <tr className="h-6">
            {table.columns.map((column) => (
              <th key={column.label} scope="col" className={`px-3 font-medium ${alignment(column)}`}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place in the list
            <tr key={row} className="h-(--row) hover:bg-raised">
              {table.columns.map((column, place) => (
                <td key={column.label} className={`px-3 ${alignment(column)}`}>
                  <Content column={column} cell={cells[place] ?? null} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Numbers stand under each other at their right end; texts and times begin at the left. */
function alignment({ text, file, roomy }: Column): string {
  const side = text === undefined || file !== undefined ? "text-left" : "text-right whitespace-nowrap";
  return roomy === true ? `${side} max-sm:hidden` : side;
}

function Content({ column, cell }: { column: Column; cell: Cell }) {
  const text = cellText(column, cell);
  const { pick } = column;
  const hint = column.hint?.(text);
  if (hint !== undefined) return <Term label={text} hint={hint} />;
  if (pick === undefined || text === "") return text;
  return (
    <button
      type="button"
      className="mono min-h-6 align-middle hover:underline"
      aria-label={strings.dashboard.filterBy(text)}
      onClick={() => pick(text)}
    >
      {text}
    </button>
  );
}
