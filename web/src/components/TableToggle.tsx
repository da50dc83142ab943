import { BarChart3, Table2 } from "lucide-react";
import { strings } from "../lib/strings";

interface TableToggleProps {
  /** Whether the table is shown in place of the drawing. */
  asTable: boolean;
  onChange: (asTable: boolean) => void;
}

/** Switches a panel between its drawing and the same numbers as a table. */
export function TableToggle({ asTable, onChange }: TableToggleProps) {
  const label = asTable ? strings.chart.chart : strings.chart.table;
  return (
    <button
      type="button"
      className="grid size-6 shrink-0 place-items-center rounded text-fg-3 hover:bg-raised hover:text-fg"
      aria-label={label}
      title={label}
      onClick={() => onChange(!asTable)}
    >
      {asTable ? <BarChart3 size={14} aria-hidden="true" /> : <Table2 size={14} aria-hidden="true" />}
    </button>
  );
}
