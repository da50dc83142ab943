/** The theme: dark, light, or what the system says. `public/theme.js` sets the first one before anything is drawn. */

import { create } from "zustand";
import { keep, kept } from "../lib/storage";
import { bus } from "../live/bus";

export const THEMES = ["dark", "light", "system"] as const;

export type Theme = (typeof THEMES)[number];

const systemIsLight = window.matchMedia("(prefers-color-scheme: light)");

function keptTheme(): Theme {
  const theme = kept("theme");
  return THEMES.find((name) => name === theme) ?? "system";
}

export const useTheme = create<{ theme: Theme }>(() => ({ theme: keptTheme() }));

export function setTheme(theme: Theme): void {
  keep("theme", theme);
  useTheme.setState({ theme });
  apply();
}

/** Follows the system while that is the choice. */
export function followSystemTheme(): void {
  systemIsLight.addEventListener("change", apply);
  apply();
}

function apply(): void {
  const { theme } = useTheme.getState();
  const system = systemIsLight.matches ? "light" : "dark";
  document.documentElement.dataset.theme = theme === "system" ? system : theme;
  bus.markAll();
}
