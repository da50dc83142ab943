/** How the pages look: the theme, and how close rows stand. */

import { Moon, Sun } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { DENSITIES, setDensity, useDensity } from "../lib/density";
import { strings } from "../lib/strings";
import { setTheme, THEMES, type Theme, useTheme } from "./theme";

export const THEME_LABELS: Record<Theme, string> = {
  dark: strings.theme.dark,
  light: strings.theme.light,
  system: strings.theme.system,
};

export function ThemeMenu({ className = "" }: { className?: string }) {
  const theme = useTheme((choice) => choice.theme);
  const density = useDensity((choice) => choice.density);
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        className={`button w-8 px-0 ${className}`}
        aria-label={strings.theme.looks}
        title={strings.theme.looks}
      >
        <Sun size={14} aria-hidden="true" className="[[data-theme=dark]_&]:hidden" />
        <Moon size={14} aria-hidden="true" className="[[data-theme=light]_&]:hidden" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} className="popup appear z-40 min-w-36 p-1">
          <Choice
            label={strings.theme.label}
            names={THEMES}
            labels={THEME_LABELS}
            value={theme}
            onChange={setTheme}
          />
          <DropdownMenu.Separator className="my-1 border-line border-t" />
          <Choice
            label={strings.density.label}
            names={DENSITIES}
            labels={strings.density}
            value={density}
            onChange={setDensity}
          />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface ChoiceProps<Name extends string> {
  label: string;
  names: readonly Name[];
  labels: Record<Name, string>;
  value: Name;
  onChange: (name: Name) => void;
}

function Choice<Name extends string>({ label, names, labels, value, onChange }: ChoiceProps<Name>) {
  return (
    <DropdownMenu.RadioGroup value={value}>
      <DropdownMenu.Label className="px-2 py-1 text-fg-3 text-meta">{label}</DropdownMenu.Label>
      {names.map((name) => (
        <DropdownMenu.RadioItem key={name} value={name} className="menu-item" onSelect={() => onChange(name)}>
          <span className="grid size-4 place-items-center">
            <DropdownMenu.ItemIndicator className="size-2 rounded-full bg-accent" />
          </span>
          {labels[name]}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}
