/** Turns something on and off. */

import { Switch } from "radix-ui";
import type { ComponentProps } from "react";

type Props = Pick<
  ComponentProps<typeof Switch.Root>,
  "aria-label" | "aria-describedby" | "checked" | "disabled" | "onCheckedChange"
> & { className?: string };

export function OnOff({ className = "", ...props }: Props) {
  return (
    <Switch.Root
      {...props}
      className={`h-6 w-10 shrink-0 rounded-full border border-line-strong bg-raised p-0.5 disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent ${className}`}
    >
      <Switch.Thumb className="block size-4.5 rounded-full bg-fg-3 transition-transform data-[state=checked]:translate-x-4 data-[state=checked]:bg-accent-fg" />
    </Switch.Root>
  );
}
