/** What is known of something, each with its name: two beside each other where there is room. */

import type { ReactNode } from "react";

export function Facts({ children }: { children: ReactNode }) {
  return (
    <dl className="grid @md:grid-cols-[max-content_minmax(0,1fr)_max-content_minmax(0,1fr)] grid-cols-[max-content_minmax(0,1fr)] items-baseline gap-x-3">
      {children}
    </dl>
  );
}

interface FactProps {
  label: ReactNode;
  /** Takes a line of its own. */
  wide?: boolean;
  children: ReactNode;
}

export function Fact({ label, wide = false, children }: FactProps) {
  return (
    <>
      <dt className="flex min-h-6 items-center text-fg-3">{label}</dt>
      <dd className={`min-w-0 break-words ${wide ? "@md:col-span-3" : ""}`}>{children}</dd>
    </>
  );
}
