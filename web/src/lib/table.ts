/** The numbers of a panel as a table: for the screen, and as a CSV file that a spreadsheet opens without harm. */

/** A text, a number in the column's unit, or nothing known. */
export type Cell = string | number | null;

export interface Column {
  label: string;
  /** The unit of the numbers in the file; on the screen `text` writes its own. */
  unit?: string;
  /** Writes a number for the screen; a column without it holds text. */
  text?: (value: number | null) => string;
  /** On the screen a text of this column can be pressed: its packets are looked at. */
  pick?: (text: string) => void;
  /** Explains a text of this column. */
  hint?: (text: string) => string | undefined;
  /** Left out on small screens; the file has every column. */
  roomy?: boolean;
  /** Writes a number for the file, where digits alone would say nothing there: a time. */
  file?: (value: number | null) => string;
}

export interface Table {
  columns: readonly Column[];
  /** Read when the table is shown or saved. */
  rows: () => readonly (readonly Cell[])[];
}

/** What a cell says on the screen. */
export function cellText(column: Column | undefined, cell: Cell): string {
  if (typeof cell === "string") return cell;
  return column?.text?.(cell) ?? (cell === null ? "" : String(cell));
}

/** The table as CSV (RFC 4180): CR LF between lines, numbers without grouping, nothing where nothing is known. */
export function csvOf({ columns, rows }: Table): string {
  const header = columns.map(({ label, unit }) => (unit === undefined ? label : `${label} (${unit})`));
  const lines = rows().map((row) => row.map((cell, place) => csvCell(fileCell(columns[place], cell))));
  return [header.map(csvCell), ...lines].map((cells) => `${cells.join(",")}\r\n`).join("");
}

function fileCell(column: Column | undefined, cell: Cell): Cell {
  return typeof cell === "string" || column?.file === undefined ? cell : column.file(cell);
}

/**
 * One cell of a CSV file.
 *
 * Host names and other texts are written by strangers, and spreadsheets run a cell that begins with one of `=+-@`, a
 * tab or a line end as a formula: such a text gets an apostrophe in front. Numbers are ours and stay numbers.
 */
export function csvCell(cell: Cell): string {
  if (cell === null || (typeof cell === "number" && !Number.isFinite(cell))) return "";
  if (typeof cell === "number") return String(cell);
  const harmless = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
