/** Says which flow's packets are listed, and lets them all come back. */

import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { flowName } from "../../lib/flow-names";
import { count } from "../../lib/format";
import { strings } from "../../lib/strings";
import { flowDetail } from "../../live/client";
import { useSession } from "../../live/session";

interface Props {
  id: number;
  onRemove: () => void;
}

export function FlowChip({ id, onRemove }: Props) {
  const name = useName(id) ?? count(id);
  return (
    <span className="inline-flex h-8 min-w-0 max-w-full items-center gap-1 rounded-md border border-accent pl-2">
      <Link
        to="/flows"
        search={{ sel: id }}
        title={strings.packets.openFlow}
        className="mono min-w-0 truncate text-accent hover:underline"
      >
        {strings.packets.flowChip(name)}
      </Link>
      <button
        type="button"
        className="grid size-6 shrink-0 place-items-center rounded text-fg-3 hover:text-fg"
        aria-label={strings.packets.allFlows}
        title={strings.packets.allFlows}
        onClick={onRemove}
      >
        <X size={14} aria-hidden="true" />
      </button>
    </span>
  );
}

/** What the flow is called; `null` while nobody said so, or where nobody knows any more. */
function useName(id: number): string | null {
  const connected = useSession((session) => session.connection.state === "open");
  const [name, setName] = useState<string | null>(null);
  useEffect(() => {
    if (!connected) return;
    let gone = false;
    flowDetail(id).then(
      ({ listed }) => {
        if (!gone) setName(flowName(listed));
      },
      () => {
        // It is not listed any more: its number has to do.
      },
    );
    return () => {
      gone = true;
    };
  }, [id, connected]);
  return name;
}
