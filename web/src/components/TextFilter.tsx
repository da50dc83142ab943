/** The field that says what is listed; it is asked for when typing pauses. */

import { X } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { FILTER_FIELD_ID, focusFilterIfWanted } from "../lib/focus";

export interface FilterProps {
  /** What is asked for, as the address says. */
  filter: string;
  /** Constant or memoised. */
  onFilter: (filter: string) => void;
  words: { filterLabel: string; filterPlaceholder: string; clearFilter: string };
  /** Why what was typed means nothing; what was listed before it stays. */
  problem?: string | null;
}

const TYPING_PAUSE_MS = 250;

export function TextFilter({ filter, onFilter, words, problem = null }: FilterProps) {
  const [typed, setTyped] = useState(filter);
  const problemId = useId();
  const asked = useRef(filter);
  // The address may change without the field: the back button, a link.
  if (asked.current !== filter) {
    asked.current = filter;
    if (typed.trim() !== filter) setTyped(filter);
  }
  useEffect(focusFilterIfWanted, []);
  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === asked.current) return;
    const timer = setTimeout(() => onFilter(wanted), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, onFilter]);
  return (
    <div className="relative min-w-0 flex-1 max-sm:basis-full">
      <input
        id={FILTER_FIELD_ID}
        aria-label={words.filterLabel}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : problemId}
        placeholder={words.filterPlaceholder}
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          if (typed === "") event.currentTarget.blur();
          else setTyped("");
        }}
        className="field mono w-full pr-8 aria-invalid:underline aria-invalid:decoration-crit aria-invalid:decoration-wavy aria-invalid:underline-offset-2"
      />
      {typed !== "" && (
        <button
          type="button"
          className="absolute top-1 right-1 grid size-6 place-items-center rounded text-fg-3 hover:text-fg"
          aria-label={words.clearFilter}
          onClick={() => setTyped("")}
        >
          <X size={14} aria-hidden="true" />
        </button>
      )}
      {problem !== null && (
        <p
          id={problemId}
          role="alert"
          className="popup appear wrap-anywhere absolute top-full left-0 z-30 mt-1 w-max max-w-full border-crit px-2 py-1.5 text-crit"
        >
          {problem}
        </p>
      )}
    </div>
  );
}
