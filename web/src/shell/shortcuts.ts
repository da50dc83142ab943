/** The keys that work everywhere on the page. */

import { useEffect } from "react";
import { create } from "zustand";
import { keep, kept } from "../lib/storage";

/** Single keys can be turned off (WCAG 2.1.4). */
export const useShortcutChoice = create<{ singleKeys: boolean; helpOpen: boolean }>(() => ({
  singleKeys: kept("single_keys") !== "off",
  helpOpen: false,
}));

export function setSingleKeys(singleKeys: boolean): void {
  keep("single_keys", singleKeys ? "on" : "off");
  useShortcutChoice.setState({ singleKeys });
}

export function setHelpOpen(helpOpen: boolean): void {
  useShortcutChoice.setState({ helpOpen });
}

/** How long `g` waits for its second key. */
const SEQUENCE_MS = 1_200;

/** What to do at each key; `g d` is written with a space. */
export type Shortcuts = Record<string, () => void>;

/** Tells whether a key belongs to what has the focus: text being typed, or an open dialog or menu. */
export function isTaken(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.closest(
      "input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu]",
    ) !== null
  );
}

/** A panel that fills the screen takes Esc for itself: what it covers is not to change behind it. */
function leavesFullScreen(key: string): boolean {
  return key === "Escape" && document.querySelector("[data-full]") !== null;
}

/** Space presses what has the focus, so it is a shortcut only where nothing takes it. */
function pressesSomething(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("button, a, summary, [role=radio]") !== null;
}

/** Listens while mounted. `shortcuts` must be the same object from render to render. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const singleKeys = useShortcutChoice((choice) => choice.singleKeys);
  useEffect(() => {
    if (!singleKeys) return;
    let first: { key: string; at_ms: number } | null = null;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTaken(event.target) || leavesFullScreen(event.key)) return;
      if (event.key === " " && pressesSomething(event.target)) return;
      const prefix = first !== null && event.timeStamp - first.at_ms < SEQUENCE_MS ? `${first.key} ` : "";
      first = prefix === "" && event.key === "g" ? { key: "g", at_ms: event.timeStamp } : null;
      const act = shortcuts[prefix + event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [shortcuts, singleKeys]);
}
