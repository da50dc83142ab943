/** Whether the palette is open, and the one key that opens it also while something is typed. */

import { useEffect } from "react";
import { create } from "zustand";

export const usePalette = create<{ open: boolean }>(() => ({ open: false }));

export function setPaletteOpen(open: boolean): void {
  usePalette.setState({ open });
}

/** Ctrl or Cmd and K. It is no single key, so that it works where those are turned off. */
export function usePaletteKey(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const modified = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (!modified || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      setPaletteOpen(!usePalette.getState().open);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}
