/** Signs of what an address is. */

import { House } from "lucide-react";
import type { Scope } from "../../generated/Scope";
import { hostStrings } from "../../lib/host-strings";
import { originStrings } from "../../lib/origin-strings";

/** The address counts as local. */
export function LocalMark() {
  return (
    <span title={hostStrings.local} className="inline-flex text-fg-3">
      <House size={13} role="img" aria-label={hostStrings.local} />
    </span>
  );
}

/** What an address is that is not global. */
export function ScopeMark({ scope }: { scope: Scope }) {
  if (scope === "global") return null;
  return (
    <span
      title={originStrings.scopeHints[scope]}
      className="ml-auto shrink-0 text-fg-3 text-meta @max-md:hidden"
    >
      {originStrings.scopes[scope]}
    </span>
  );
}
