/** What a newcomer sees: where packets could come from, and what is in the way. */

import { Play } from "lucide-react";
import { start, useControls } from "../../capture/controls";
import { DemoButton } from "../../capture/DemoButton";
import { FilterField } from "../../capture/FilterField";
import { InterfaceList } from "../../capture/InterfaceList";
import { OpenCapture } from "../../capture/OpenCapture";
import { Permission } from "../../capture/Permission";
import { strings } from "../../lib/strings";
import { useInterfaces } from "../../live/interfaces";

export function FirstRun() {
  const list = useInterfaces(true);
  const chosen = useControls((controls) => controls.chosen);
  const pending = useControls((controls) => controls.pending);
  const views = list.views ?? [];
  const mayNowhere = views.every((view) => view.row.may_capture === false);
  const refused = views.length > 0 && mayNowhere;
  // Where nothing can be captured on, the demo is what a newcomer can have at once.
  const demoFirst = mayNowhere && (list.views !== null || list.problem !== null);
  const ready = views.some((view) => view.row.name === chosen && view.row.may_capture !== false);
  return (
    <div className="mx-auto mt-[4vh] max-w-2xl">
      <h1 className="font-semibold text-page">{strings.firstRun.title}</h1>
      <p className="mt-1 text-fg-2">{strings.firstRun.text}</p>
      {refused && <Permission row={views[0]?.row} />}
      <div className="panel mt-4 p-1.5">
        <InterfaceList list={list} told={refused ? (views[0]?.row.capture_problem ?? null) : null} />
      </div>
      <div className="mt-3 flex flex-wrap gap-2">
        <FilterField className="min-w-48 flex-1 lg:hidden" />
        <button
          type="button"
          className={`button px-4 ${demoFirst ? "" : "button-primary"}`}
          disabled={!ready || pending}
          onClick={start}
        >
          <Play size={13} fill="currentColor" aria-hidden="true" />
          {pending ? strings.capture.starting : strings.capture.start}
        </button>
        <OpenCapture />
        {!refused && <DemoButton primary={demoFirst} />}
      </div>
      <p className="mt-3 text-fg-3">{refused ? strings.firstRun.orOpenOnly : strings.firstRun.orOpen}</p>
    </div>
  );
}
