/** What a newcomer sees: where packets could come from, and what is in the way. */

import { Check, Copy, Play } from "lucide-react";
import { useState } from "react";
import { start, useControls } from "../../capture/controls";
import { FilterField } from "../../capture/FilterField";
import { InterfaceList } from "../../capture/InterfaceList";
import { OpenCapture } from "../../capture/OpenCapture";
import { permissionCommand } from "../../capture/permission";
import { strings } from "../../lib/strings";
import { useInterfaces } from "../../live/interfaces";

export function FirstRun() {
  const list = useInterfaces(true);
  const chosen = useControls((controls) => controls.chosen);
  const pending = useControls((controls) => controls.pending);
  const views = list.views ?? [];
  const refused = views.length > 0 && views.every((view) => view.row.may_capture === false);
  const ready = views.some((view) => view.row.name === chosen && view.row.may_capture !== false);
  return (
    <div className="mx-auto mt-[4vh] max-w-2xl">
      <h1 className="font-semibold text-page">{strings.firstRun.title}</h1>
      <p className="mt-1 text-fg-2">{strings.firstRun.text}</p>
      {refused && <Permission problem={views[0]?.row.capture_problem ?? null} />}
      <div className="panel mt-4 p-1.5">
        <InterfaceList list={list} />
      </div>
      <div className="mt-3 flex flex-wrap gap-2">
        <FilterField className="min-w-48 flex-1 lg:hidden" />
        <button
          type="button"
          className="button button-primary px-4"
          disabled={!ready || pending}
          onClick={start}
        >
          <Play size={13} fill="currentColor" aria-hidden="true" />
          {pending ? strings.capture.starting : strings.capture.start}
        </button>
        <OpenCapture />
      </div>
      <p className="mt-3 text-fg-3">{strings.firstRun.orOpen}</p>
    </div>
  );
}

const COPIED_FOR_MS = 2_000;

function Permission({ problem }: { problem: string | null }) {
  const [copied, setCopied] = useState(false);
  const command = permissionCommand(problem);
  const copy = async () => {
    await navigator.clipboard.writeText(command);
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_FOR_MS);
  };
  return (
    <section className="mt-4 rounded-lg border border-warn/50 bg-warn/10 p-3">
      <h2 className="font-semibold">▲ {strings.permission.title}</h2>
      <p className="mt-1 text-fg-2">{strings.permission.text}</p>
      <div className="mt-2 flex items-center gap-2">
        <code className="mono min-w-0 flex-1 overflow-x-auto rounded-md border border-line bg-bg px-2 py-1.5">
          {command}
        </code>
        <button type="button" className="button" onClick={() => void copy()}>
          {copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
          {copied ? strings.permission.copied : strings.permission.copy}
        </button>
      </div>
    </section>
  );
}
