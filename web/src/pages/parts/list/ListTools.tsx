/** What stands over every list: how many rows, which columns, and the file. */

import { Columns3, Download } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { announce } from "../../../lib/announce";
import { download, fileName } from "../../../lib/download";
import { count } from "../../../lib/format";
import { strings } from "../../../lib/strings";
import { csvOf } from "../../../lib/table";
import { reasonOf } from "../../../live/client";
import { useSession } from "../../../live/session";
import type { ListColumn } from "./columns";
import { MOST_SAVED } from "./row-list";
import type { ListWords } from "./words";

/** Beside an open sheet buttons are their icons, so that all of them stand in one row. */
const NAMED = "@max-2xl:sr-only";

interface ColumnsProps<Id extends string> {
  words: ListWords;
  /** All there are. */
  columns: readonly { id: Id; label: string; hint?: string }[];
  shown: readonly { id: Id }[];
  onColumns: (columns: readonly Id[] | null) => void;
}

export function ColumnMenu<Id extends string>({ words, columns, shown, onColumns }: ColumnsProps<Id>) {
  const on = shown.map(({ id }) => id);
  const toggle = (id: Id) => onColumns(on.includes(id) ? on.filter((other) => other !== id) : [...on, id]);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="button" title={words.columns.choose}>
        <Columns3 size={14} aria-hidden="true" />
        <span className={NAMED}>{words.columns.choose}</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className="popup appear z-40 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-auto p-1"
        >
          {columns.map(({ id, label, hint }) => (
            <DropdownMenu.CheckboxItem
              key={id}
              checked={on.includes(id)}
              // A list without any column shows nothing.
              disabled={on.length === 1 && on.includes(id)}
              title={hint}
              className="menu-item h-7!"
              onSelect={(event) => {
                event.preventDefault();
                toggle(id);
              }}
            >
              <span className="grid size-4 place-items-center rounded-sm border border-line-strong">
                <DropdownMenu.ItemIndicator className="size-2 rounded-xs bg-accent" />
              </span>
              {label}
            </DropdownMenu.CheckboxItem>
          ))}
          <DropdownMenu.Separator className="my-1 border-line border-t" />
          <DropdownMenu.Item className="menu-item" onSelect={() => onColumns(null)}>
            {words.columns.reset}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface CountsProps {
  words: ListWords;
  list: { matched: number | null; total: number; forgotten: number };
}

/** How many rows fit, and how many there are. */
export function Counts({ words, list: { matched, total, forgotten } }: CountsProps) {
  const dropped = useSession(
    ({ totals }) => (totals?.traffic.kernel_drops ?? 0) + (totals?.traffic.interface_drops ?? 0) > 0,
  );
  if (matched === null) return null;
  const all = count(total);
  return (
    <span
      className="shrink-0 text-fg-2"
      title={forgotten > 0 ? words.forgotten(count(forgotten)) : undefined}
    >
      {dropped && (
        <span title={strings.dashboard.dropsHint} className="mr-2 font-semibold text-meta text-warn">
          ▲ {strings.dashboard.drops}
        </span>
      )}
      {matched === total ? words.allOf(all) : words.of(count(matched), all)}
      {forgotten > 0 && <span className="text-fg-3"> +{count(forgotten)}</span>}
    </span>
  );
}

interface SaveProps<Row, Id extends string, Sort extends string> {
  words: ListWords;
  /** What fits, in its order, for the file. */
  rows: () => Promise<readonly Row[]>;
  /** What the file has of each. */
  columns: readonly ListColumn<Row, Id, Sort>[];
}

/** Saves what is shown: these rows in this order, these columns, and who each is with. */
export function SaveButton<Row, Id extends string, Sort extends string>({
  words,
  rows,
  columns,
}: SaveProps<Row, Id, Sort>) {
  const [saving, setSaving] = useState(false);
  const save = async () => {
    setSaving(true);
    try {
      const found = await rows();
      const text = csvOf({
        columns: columns.map(({ label, unit }) => ({ label, ...(unit === undefined ? {} : { unit }) })),
        rows: () => found.map((row) => columns.map(({ cell }) => cell(row))),
      });
      download(new Blob([text], { type: "text/csv" }), fileName(words.label, "csv", new Date()));
    } catch (error) {
      announce(words.csvFailed(reasonOf(error)));
    } finally {
      setSaving(false);
    }
  };
  return (
    <button
      type="button"
      className="button"
      disabled={saving}
      title={words.csvHint(count(MOST_SAVED))}
      onClick={() => void save()}
    >
      <Download size={14} aria-hidden="true" />
      <span className={NAMED}>{saving ? words.saving : words.csv}</span>
    </button>
  );
}
