/** The one field that the key `/` goes to, on whichever page it is. */

export const FILTER_FIELD_ID = "packet-filter";

let wanted = false;

/** Focuses the filter field, or remembers the wish for the page that is on its way. Tells whether the field is there. */
export function focusFilter(): boolean {
  const field = document.getElementById(FILTER_FIELD_ID);
  wanted = field === null;
  field?.focus();
  return field !== null;
}

/** For the page that shows the field, once it does. */
export function focusFilterIfWanted(): void {
  if (wanted) focusFilter();
}
