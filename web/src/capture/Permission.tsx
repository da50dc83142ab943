/** How to give the program the right to capture, and what can be seen without it. */

import { CopyButton } from "../components/CopyButton";
import type { InterfaceRow } from "../generated/InterfaceRow";
import { strings } from "../lib/strings";
import { DemoButton } from "./DemoButton";
import { permissionCommand } from "./permission-command";

/** Says what is missing, for a machine where no interface may be captured on. */
export function Permission({ row }: { row: InterfaceRow | undefined }) {
  return (
    <section className="mt-4 rounded-lg border border-warn/50 bg-warn/10 p-3">
      <h2 className="font-semibold">▲ {strings.permission.title}</h2>
      <p className="mt-1 mb-2 text-fg-2">{strings.permission.text}</p>
      <PermissionCommand problem={row?.capture_problem ?? null} remedy={row?.remedy ?? null} />
      <div className="mt-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-warn/30 border-t pt-3">
        <p className="min-w-0 flex-1 basis-56 text-fg-2">{strings.demo.offer}</p>
        <DemoButton primary className="px-4" />
      </div>
    </section>
  );
}

interface CommandProps {
  problem: string | null;
  /** The program's own command, ready to paste. */
  remedy?: string | null;
}

export function PermissionCommand({ problem, remedy = null }: CommandProps) {
  const command = remedy ?? permissionCommand(problem);
  return (
    <span className="flex min-w-0 items-center gap-2">
      <code className="mono min-w-0 flex-1 break-words rounded-md border border-line bg-bg px-2 py-1.5">
        {command}
      </code>
      <CopyButton text={() => command} label={strings.permission.copy} />
    </span>
  );
}
