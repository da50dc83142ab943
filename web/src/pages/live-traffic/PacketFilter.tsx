/** The field that says which packets are listed; it is asked for when typing pauses. */

import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { FILTER_FIELD_ID, focusFilterIfWanted } from "../../lib/focus";
import { strings } from "../../lib/strings";

const TYPING_PAUSE_MS = 250;

export function PacketFilter({ filter }: { filter: string }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState(filter);
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
    const timer = setTimeout(
      () => void navigate({ to: "/live", search: wanted === "" ? {} : { filter: wanted }, replace: true }),
      TYPING_PAUSE_MS,
    );
    return () => clearTimeout(timer);
  }, [typed, navigate]);
  return (
    <div className="relative min-w-0 flex-1 max-sm:basis-full">
      <input
        id={FILTER_FIELD_ID}
        aria-label={strings.packets.filterLabel}
        placeholder={strings.packets.filterPlaceholder}
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
        className="field mono w-full pr-8"
      />
      {typed !== "" && (
        <button
          type="button"
          className="absolute top-1 right-1 grid size-6 place-items-center rounded text-fg-3 hover:text-fg"
          aria-label={strings.packets.clearFilter}
          onClick={() => setTyped("")}
        >
          <X size={14} aria-hidden="true" />
        </button>
      )}
    </div>
  );
}
