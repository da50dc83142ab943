/** Says which application's flows are listed, and lets them all come back. */

import { X } from "lucide-react";
import { flowStrings } from "../../lib/flow-strings";

interface Props {
  /** Blank for the flows of which the application is not known. */
  app: string;
  onRemove: () => void;
}

export function AppChip({ app, onRemove }: Props) {
  return (
    <span className="inline-flex h-8 min-w-0 max-w-full items-center gap-1 rounded-md border border-accent pl-2 text-accent">
      <bdi title={app} className="min-w-0 max-w-64 truncate">
        {flowStrings.ofApp(app === "" ? flowStrings.withoutApp : app)}
      </bdi>
      <button
        type="button"
        className="grid size-6 shrink-0 place-items-center rounded text-fg-3 hover:text-fg"
        aria-label={flowStrings.allApps}
        title={flowStrings.allApps}
        onClick={onRemove}
      >
        <X size={14} aria-hidden="true" />
      </button>
    </span>
  );
}
