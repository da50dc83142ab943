/** Dark, light, or what the system says. */

import { Moon, Sun } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { strings } from "../lib/strings";
import { setTheme, THEMES, type Theme, useTheme } from "./theme";

export const THEME_LABELS: Record<Theme, string> = {
  dark: strings.theme.dark,
  light: strings.theme.light,
  system: strings.theme.system,
};

export function ThemeMenu({ className = "" }: { className?: string }) {
  const theme = useTheme((choice) => choice.theme);
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className={`button w-8 px-0 ${className}`} aria-label={strings.theme.label}>
        <Sun size={14} aria-hidden="true" className="[[data-theme=dark]_&]:hidden" />
        <Moon size={14} aria-hidden="true" className="[[data-theme=light]_&]:hidden" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} className="popup appear z-40 min-w-36 p-1">
          <DropdownMenu.RadioGroup value={theme}>
            {THEMES.map((name) => (
              <DropdownMenu.RadioItem
                key={name}
                value={name}
                className="menu-item"
                onSelect={() => setTheme(name)}
              >
                <span className="grid size-4 place-items-center">
                  <DropdownMenu.ItemIndicator className="size-2 rounded-full bg-accent" />
                </span>
                {THEME_LABELS[name]}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
