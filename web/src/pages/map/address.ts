/** What the address of the map holds. */

export interface MapSearch {
  category?: string;
  /** Left out for bytes. */
  by?: "flows";
  /** Left out for the map. */
  view?: "list";
  /** The place that is open: `DE`, `US/Massachusetts/Springfield`, `US/42.1,-72.6`. */
  sel?: string;
}

/** An address is typed and pasted by people: what does not fit is left out. */
export function mapSearch(search: Record<string, unknown>): MapSearch {
  const found: MapSearch = {};
  const category = typeof search.category === "string" ? search.category.trim() : "";
  if (category !== "") found.category = category;
  if (search.by === "flows") found.by = "flows";
  if (search.view === "list") found.view = "list";
  const sel = typeof search.sel === "string" ? search.sel.trim() : "";
  if (sel !== "") found.sel = sel;
  return found;
}
