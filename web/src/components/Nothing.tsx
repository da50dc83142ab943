/** Lies over a list without rows: why there are none, and what can be done about it. */

import type { ReactNode } from "react";

interface Props {
  text: string;
  hint?: string;
  /** What can be done about it. */
  children?: ReactNode;
}

export function Nothing({ text, hint, children }: Props) {
  return (
    <div className="pointer-events-none absolute inset-0 grid place-items-center p-4 text-center">
      <div className="wrap-anywhere min-w-0 max-w-full">
        <p className="font-medium">{text}</p>
        {hint !== undefined && <p className="text-fg-3">{hint}</p>}
        <div className="pointer-events-auto mt-3 flex flex-wrap justify-center gap-2">{children}</div>
      </div>
    </div>
  );
}
