/** How to give the program the right to capture. */

import { CopyButton } from "../components/CopyButton";
import type { InterfaceRow } from "../generated/InterfaceRow";
import { strings } from "../lib/strings";
import { permissionCommand } from "./permission-command";

/** Says what is missing, for a machine where no interface may be captured on. */
export function Permission({ row }: { row: InterfaceRow | undefined }) {
  return (
    <section className="mt-4 rounded-lg border border-warn/50 bg-warn/10 p-3">
      <h2 className="font-semibold">▲ {strings.permission.title}</h2>
      <p className="mt-1 mb-2 text-fg-2">{strings.permission.text}</p>
      <PermissionCommand problem={row?.capture_problem ?? null} remedy={remedyOf(row)} />
    </section>
  );
}

interface CommandProps {
  problem: string | null;
  /** The program's own words for what helps. */
  remedy?: string | null;
}

export function PermissionCommand({ problem, remedy = null }: CommandProps) {
  const command = permissionCommand(remedy ?? problem);
  return (
    <span className="flex min-w-0 items-center gap-2">
      <code className="mono min-w-0 flex-1 break-words rounded-md border border-line bg-bg px-2 py-1.5">
        {command}
      </code>
      <CopyButton text={() => command} label={strings.permission.copy} />
    </span>
  );
}

/** A program that knows the remedy of an interface says it in a field of its own. */
function remedyOf(row: InterfaceRow | undefined): string | null {
  return row !== undefined && "remedy" in row && typeof row.remedy === "string" ? row.remedy : null;
}
