/** What the address of a list holds. */

export interface ListSearch<Key, Sort> {
  filter?: string;
  sort?: Sort;
  /** Whether the smallest come first; left out where the largest do. */
  rising?: true;
  /** The names of the columns, with commas between them. */
  columns?: string;
  /** The row whose sheet is open. */
  sel?: Key;
}

/** What every list holds but the row; an address is typed and pasted by people: what does not fit is left out. */
export function listSearch<Sort extends string>(
  search: Record<string, unknown>,
  sorts: Record<Sort, true>,
): Omit<ListSearch<never, Sort>, "sel"> {
  const found: Omit<ListSearch<never, Sort>, "sel"> = {};
  const filter = textOf(search.filter);
  if (filter !== "") found.filter = filter;
  const isSort = (value: unknown): value is Sort => typeof value === "string" && Object.hasOwn(sorts, value);
  if (isSort(search.sort)) found.sort = search.sort;
  if (search.rising === true) found.rising = true;
  const columns = textOf(search.columns);
  if (columns !== "") found.columns = columns;
  return found;
}

/** A filter of digits is read as a number by the router. */
export function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
}
