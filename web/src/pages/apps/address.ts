/** What the address of the page of applications holds. */

export const APP_SORTS = ["app", "category", "share", "rate", "bytes", "up", "down", "flows"] as const;

export type AppSort = (typeof APP_SORTS)[number];

export interface AppsSearch {
  filter?: string;
  category?: string;
  /** Left out where the largest share comes first. */
  sort?: AppSort;
  /** Whether the smallest come first; left out where the largest do. */
  rising?: true;
  /** Left out for the session. */
  by?: "now";
}

/** An address is typed and pasted by people: what does not fit is left out. */
export function appsSearch(search: Record<string, unknown>): AppsSearch {
  const found: AppsSearch = {};
  const filter = textOf(search.filter);
  if (filter !== "") found.filter = filter;
  const category = textOf(search.category);
  if (category !== "") found.category = category;
  const sort = APP_SORTS.find((name) => name === search.sort);
  if (sort !== undefined) found.sort = sort;
  if (search.rising === true) found.rising = true;
  if (search.by === "now") found.by = "now";
  return found;
}

/** A filter of digits is read as a number by the router. */
function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
}
