/** The few choices that outlive a page: storage may be off or full, and then they simply do not. */

const PREFIX = "netsonde.";

export type Kept =
  | "theme"
  | "density"
  | "interface"
  | "single_keys"
  | "flow_columns"
  | "host_columns"
  | "pane.details"
  | "pane.facts"
  | "pane.flow"
  | "pane.host"
  | "pane.media"
  | "pane.finding";

export function keep(name: Kept, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // The choice holds until the page is closed.
  }
}

export function kept(name: Kept): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}
