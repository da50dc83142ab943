/** A few numbers, each with its name: one to a line, so that they can be read down. */

import { Term } from "./Term";

export interface Figure {
  label: string;
  /** What it means, where its name does not say it. */
  hint?: string;
  /** Formatted, with its unit. */
  value: string;
}

export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl className="px-3 pb-2 text-table">
      {figures.map(({ label, hint, value }) => (
        <div
          key={label}
          className="flex min-h-(--row) items-center gap-3 border-line border-t first:border-t-0"
        >
          <dt className="min-w-0 text-fg-2">
            {hint === undefined ? label : <Term label={label} hint={hint} />}
          </dt>
          <dd className="ml-auto text-right font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
