/** What cells of lists have in common. */

import type { ReactNode } from "react";
import { Sparkline } from "../../../components/Sparkline";
import { Stranger } from "../../../components/Stranger";
import { UNKNOWN } from "../../../lib/format";

/** What is not there steps back behind what is. */
export function PlainCell({ text }: { text: string }) {
  return text === UNKNOWN || /^0( |$)/.test(text) ? <span className="text-fg-3">{text}</span> : text;
}

/** A name that is not known steps back. */
export function NameCell({ name, children }: { name: string | null; children?: ReactNode }) {
  if (name === null) return <span className="text-fg-3">{UNKNOWN}</span>;
  return (
    <span className="flex items-center gap-1.5">
      {children}
      <Stranger name={name} />
    </span>
  );
}

/** A reading every 2 s of a minute. */
const READINGS = 30;

/** The last minute as a line. */
export function RecentCell({ recent_bps, text }: { recent_bps: readonly number[]; text: string }) {
  if (recent_bps.length === 0) return UNKNOWN;
  return (
    <span className="flex items-center">
      <Sparkline values={recent_bps} most={READINGS} label={text} />
    </span>
  );
}
