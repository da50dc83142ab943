/** Lies over a map without places: why there are none, and what can be done about it. */

import type { ReactNode } from "react";
import { Nothing } from "../../components/Nothing";
import type { PlacesTopic } from "../../generated/PlacesTopic";
import { mapStrings } from "../../lib/map-strings";

interface Props {
  topic: PlacesTopic;
  category: string | null;
  onClear: () => void;
}

export function Bare({ topic, category, onClear }: Props) {
  const loaded = topic.databases.some(({ problem }) => problem === null);
  if (category !== null && topic.places.length > 0) {
    return (
      <Over>
        <Nothing text={mapStrings.noneOf(category)}>
          <button type="button" className="button bg-panel" onClick={onClear}>
            {mapStrings.clear}
          </button>
        </Nothing>
      </Over>
    );
  }
  if (!loaded && topic.unknown.hosts > 0) {
    return (
      <Over>
        <Nothing text={mapStrings.noDatabase} hint={mapStrings.noDatabaseHint}>
          <code className="mono rounded border border-line bg-panel px-2 py-1">
            {mapStrings.noDatabaseCommand}
          </code>
        </Nothing>
      </Over>
    );
  }
  return (
    <Over>
      <Nothing text={mapStrings.none} hint={mapStrings.noneHint} />
    </Over>
  );
}

/** On the map's ground, so that borders do not run through the words. */
function Over({ children }: { children: ReactNode }) {
  return (
    <div className="pointer-events-none absolute inset-0 grid place-items-center">
      <div className="relative h-36 w-full max-w-md rounded-lg bg-panel/85">{children}</div>
    </div>
  );
}
