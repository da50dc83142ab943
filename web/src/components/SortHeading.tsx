/** A column's heading that sorts its table. */

import { ArrowDown, ArrowUp } from "lucide-react";
import { Hinted } from "./Term";

interface Props {
  label: string;
  /** What the column says, where its name does not. */
  hint?: string;
  /** Whether the column holds numbers, which stand at its right. */
  right?: boolean;
  /** How the table is sorted by it; `null` where it is by another. */
  sorted: "ascending" | "descending" | null;
  onSort: () => void;
  className?: string;
}

export function SortHeading({ label, hint, right = false, sorted, onSort, className = "" }: Props) {
  const Arrow = sorted === "ascending" ? ArrowUp : ArrowDown;
  const button = (
    <button
      type="button"
      className={`flex h-6 w-full items-center gap-1 px-2 hover:text-fg ${right ? "justify-end" : ""} ${sorted === null ? "" : "text-fg"}`}
      onClick={onSort}
    >
      <span
        className={`truncate ${hint === undefined ? "" : "underline decoration-dotted underline-offset-2"}`}
      >
        {label}
      </span>
      {sorted !== null && <Arrow size={11} aria-hidden="true" className="shrink-0" />}
    </button>
  );
  return (
    <th scope="col" aria-sort={sorted ?? "none"} className={`font-medium ${className}`}>
      {hint === undefined ? button : <Hinted hint={hint}>{button}</Hinted>}
    </th>
  );
}
