/** Says which application a list is narrowed to, and lets all of them come back. */

import { X } from "lucide-react";

interface Props {
  label: string;
  removeLabel: string;
  onRemove: () => void;
}

export function AppChip({ label, removeLabel, onRemove }: Props) {
  return (
    <span className="inline-flex h-8 min-w-0 max-w-full items-center gap-1 rounded-md border border-accent pl-2 text-accent">
      <bdi title={label} className="min-w-0 max-w-64 truncate">
        {label}
      </bdi>
      <button
        type="button"
        className="grid size-6 shrink-0 place-items-center rounded text-fg-3 hover:text-fg"
        aria-label={removeLabel}
        title={removeLabel}
        onClick={onRemove}
      >
        <X size={14} aria-hidden="true" />
      </button>
    </span>
  );
}
