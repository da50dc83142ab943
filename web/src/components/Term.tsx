/** A word of the trade, with what it means. */

import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";

/** A word with a line of explanation, for the pointer and for the keyboard. */
export function Term({ label, hint }: { label: ReactNode; hint: string }) {
  return (
    <Hinted hint={hint}>
      <button
        type="button"
        className="-my-0.5 min-h-6 cursor-help font-medium underline decoration-dotted underline-offset-2"
      >
        {label}
      </button>
    </Hinted>
  );
}

/** A button or link that does something else when it is pressed, with the same explanation. */
export function Hinted({ hint, children }: { hint: ReactNode; children: ReactNode }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content sideOffset={4} className="popup z-50 max-w-64 px-2 py-1 text-table">
          {hint}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
