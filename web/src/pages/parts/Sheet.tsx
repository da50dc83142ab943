/** Everything about one thing, beside the list it was chosen from. */

import { X } from "lucide-react";
import type { ReactNode } from "react";

interface Props {
  /** What kind of thing it is. */
  label: string;
  closeLabel: string;
  onClose: () => void;
  title: ReactNode;
  /** Under the title: what matters most, and ways on. */
  summary?: ReactNode;
  children: ReactNode;
}

export function Sheet({ label, closeLabel, onClose, title, summary, children }: Props) {
  return (
    <section aria-label={label} className="panel appear flex min-h-0 min-w-0 flex-col overflow-hidden bg-bg!">
      <header className="flex flex-wrap items-center gap-x-2 gap-y-1.5 px-3 py-2">
        <h2 className="flex min-w-0 flex-1 flex-wrap items-center gap-x-1 font-semibold text-fg">{title}</h2>
        <button
          type="button"
          className="grid size-6 shrink-0 place-items-center self-start rounded text-fg-3 hover:bg-raised hover:text-fg"
          aria-label={closeLabel}
          title={closeLabel}
          onClick={onClose}
        >
          <X size={14} aria-hidden="true" />
        </button>
        {summary !== undefined && (
          <div className="flex basis-full flex-wrap items-center gap-x-4 gap-y-1.5">{summary}</div>
        )}
      </header>
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="@container flex min-h-0 flex-1 flex-col gap-3 overflow-auto px-3 pb-3 *:shrink-0 focus-visible:-outline-offset-2"
      >
        {children}
      </div>
    </section>
  );
}

/** What was chosen is not there any more. */
export function Gone({ text, hint }: { text: string; hint: string }) {
  return (
    <div role="status" className="rounded-md border border-line bg-panel p-3">
      <p className="font-medium">{text}</p>
      <p className="text-fg-3">{hint}</p>
    </div>
  );
}

/** A part of a sheet with its name. */
export function SheetPart({ title, meta, children }: { title: string; meta?: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="panel overflow-x-auto px-3 py-2 text-table">
      <h3 className="flex items-baseline gap-2 font-semibold text-fg-2">
        {title}
        {meta !== undefined && <span className="ml-auto font-normal text-fg-3">{meta}</span>}
      </h3>
      {children}
    </section>
  );
}
