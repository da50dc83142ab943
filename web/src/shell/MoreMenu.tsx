/** On small screens: the controls that have no room in the top bar. */

import { MoreHorizontal, RotateCcw } from "lucide-react";
import { Popover } from "radix-ui";
import { resetSession } from "../capture/controls";
import { OpenCapture } from "../capture/OpenCapture";
import { strings } from "../lib/strings";
import { THEME_LABELS } from "./ThemeMenu";
import { setTheme, THEMES, useTheme } from "./theme";

export function MoreMenu({ canReset }: { canReset: boolean }) {
  return (
    <Popover.Root>
      <Popover.Trigger className="button w-8 px-0 md:hidden" aria-label={strings.capture.more}>
        <MoreHorizontal size={14} aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={4}
          aria-label={strings.capture.more}
          className="popup appear z-40 flex flex-col gap-1 p-1.5"
        >
          <OpenCapture className="justify-start" />
          <Popover.Close asChild>
            <button
              type="button"
              className="button justify-start sm:hidden"
              disabled={!canReset}
              onClick={resetSession}
            >
              <RotateCcw size={14} aria-hidden="true" />
              {strings.capture.reset}
            </button>
          </Popover.Close>
          <ThemeChoice />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function ThemeChoice() {
  const theme = useTheme((choice) => choice.theme);
  return (
    <fieldset className="flex sm:hidden">
      <legend className="px-1 py-1 text-fg-3 text-meta">{strings.theme.label}</legend>
      {THEMES.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={theme === name}
          className="button flex-1 aria-pressed:border-accent aria-pressed:text-fg"
          onClick={() => setTheme(name)}
        >
          {THEME_LABELS[name]}
        </button>
      ))}
    </fieldset>
  );
}
