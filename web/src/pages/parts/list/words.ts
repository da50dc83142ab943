/** What every list says, each in words of its own. Numbers come formatted. */

export interface ListWords {
  label: string;
  /** In a row that is not there yet. */
  loading: string;
  /** Which way a column is sorted. */
  sorted: { ascending: string; descending: string };
  columns: { choose: string; reset: string };
  csv: string;
  csvHint: (most: string) => string;
  saving: string;
  csvFailed: (reason: string) => string;
  /** How many of all fit, and how many there are. */
  of: (matched: string, total: string) => string;
  allOf: (total: string) => string;
  found: (matched: string) => string;
  forgotten: (n: string) => string;
}
