/** Esc goes up one level: it closes what is open, before the keys of the whole page hear of it. */

import { useEffect } from "react";

/** What takes the key for itself. */
const TAKEN = "input, textarea, select, [role=dialog], [role=alertdialog], [role=menu]";

/** `close` is constant or memoised; `null` where nothing is open. */
export function useEscape(close: (() => void) | null): void {
  useEffect(() => {
    if (close === null) return;
    const press = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      const taken = event.target instanceof Element && event.target.closest(TAKEN) !== null;
      // A panel that fills the screen is a level of its own.
      if (taken || document.querySelector("[data-full]") !== null) return;
      event.preventDefault();
      close();
    };
    window.addEventListener("keydown", press, { capture: true });
    return () => window.removeEventListener("keydown", press, { capture: true });
  }, [close]);
}
