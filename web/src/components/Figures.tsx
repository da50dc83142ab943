/** A few numbers, each with its name: one to a line, so that they can be read down. */

import { Term } from "./Term";

export interface Figure {
  label: string;
  /** What it means, where its name does not say it. */
  hint?: string;
  /** Formatted, with its unit. */
  value: string;
  /** Leads to what was counted. */
  link?: FigureLink;
}

export interface FigureLink {
  hint: string;
  go: () => void;
}

export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl className="px-3 pb-2 text-table">
      {figures.map(({ label, hint, value, link }) => (
        <div
          key={label}
          className="flex min-h-(--row) items-center gap-3 border-line border-t first:border-t-0"
        >
          <dt className="min-w-0 text-fg-2">
            {hint === undefined ? label : <Term label={label} hint={hint} />}
          </dt>
          <dd className="ml-auto text-right font-medium">
            {link === undefined ? value : <FigureButton value={value} link={link} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A number that leads to what was counted. */
export function FigureButton({ value, link }: { value: string; link: FigureLink }) {
  return (
    <button
      type="button"
      className="min-h-6 min-w-6 text-right font-medium text-accent hover:underline"
      title={link.hint}
      onClick={link.go}
    >
      {value}
    </button>
  );
}
