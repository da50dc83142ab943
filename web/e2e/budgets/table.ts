/** What was measured beside what is allowed. */

export interface Row {
  what: string;
  /** As a person reads it; none where a figure only explains another. */
  budget: string | null;
  measured: string;
  ok: boolean;
}

/** A figure with the most that is allowed. */
export function atMost(what: string, most: number, measured: number, unit: string): Row {
  return {
    what,
    budget: `<= ${most} ${unit}`,
    measured: `${rounded(measured)} ${unit}`,
    ok: measured <= most,
  };
}

/** A figure without a budget. */
export function forInformation(what: string, measured: number, unit: string): Row {
  return { what, budget: null, measured: `${rounded(measured)} ${unit}`, ok: true };
}

/** The value that `ratio` of all values do not exceed (nearest rank). */
export function percentile(values: readonly number[], ratio: number): number {
  const sorted = [...values].sort((first, second) => first - second);
  return sorted[Math.max(0, Math.ceil(sorted.length * ratio) - 1)] ?? Number.NaN;
}

/** The table as Markdown, so that it can go into docs/benchmarks.md as it is. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map(({ what, budget, measured, ok }) => [
    what,
    budget ?? "",
    measured,
    budget === null ? "" : ok ? "yes" : "NO",
  ]);
  const all = [["what", "budget", "measured", "ok"], ...lines];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const drawn = all.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`,
  );
  return [drawn[0], `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...drawn.slice(1)].join(
    "\n",
  );
}

function rounded(value: number): string {
  return value.toFixed(Math.abs(value) >= 100 ? 0 : 1);
}
