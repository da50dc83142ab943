/** The capture filter: the kernel applies it, and the program checks it when the capture starts. */

import { useId } from "react";
import { strings } from "../lib/strings";
import { useSession } from "../live/session";
import { isBusy, setFilter, start, useControls } from "./controls";

export function FilterField({ className = "" }: { className?: string }) {
  const filter = useControls((controls) => controls.filter);
  const problem = useControls((controls) => controls.filterProblem);
  const status = useSession((session) => session.status);
  const problemId = useId();
  // The filter of a running capture is a fact: another one needs another start.
  const busy = isBusy(status);
  const demo = busy && status?.source?.kind === "demo";
  const { capture } = strings;
  return (
    <div className={`relative ${className}`}>
      <input
        aria-label={capture.filterLabel}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : problemId}
        placeholder={demo ? capture.noFilterOnDemo : busy ? capture.noFilter : capture.filterPlaceholder}
        title={demo ? capture.filterOnDemo : busy ? capture.filterLocked : undefined}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        readOnly={busy}
        value={busy ? (status?.filter ?? "") : filter}
        onChange={(event) => setFilter(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !busy) start();
        }}
        className="field mono w-full read-only:text-fg-2"
      />
      {problem !== null && (
        <p
          id={problemId}
          role="alert"
          className="popup appear absolute top-full left-0 z-30 mt-1 w-max max-w-full lg:max-w-[420px] border-crit px-2 py-1.5 text-crit"
        >
          {problem}
        </p>
      )}
    </div>
  );
}
