/** The places of the map for the keyboard and for who hears them. */

import { type KeyboardEvent, useId } from "react";
import { mapStrings } from "../../lib/map-strings";
import { spotWords } from "./MapTip";
import type { Spot } from "./spots";
import { STEP } from "./view";

const ZOOMS: ReadonlyMap<string, number> = new Map([
  ["+", STEP],
  ["=", STEP],
  ["-", 1 / STEP],
]);

/** The place that a key leads to from the one at `at` (-1: none); `null` where it leads nowhere. */
export function placeAfter(key: string, at: number, count: number): number | null {
  const wanted =
    key === "ArrowDown" || key === "ArrowRight"
      ? at + 1
      : key === "ArrowUp" || key === "ArrowLeft"
        ? at - 1
        : key === "Home"
          ? 0
          : key === "End"
            ? count - 1
            : null;
  return wanted === null ? null : Math.min(count - 1, Math.max(0, wanted));
}

interface OptionsProps {
  spots: readonly Spot[];
  active: string | null;
  open: string | null;
  onActive: (spot: Spot) => void;
  onLeave: () => void;
  onOpen: (key: string) => void;
  onZoom: (factor: number) => void;
}

/** One tab stop for all places; where it is, the map shows. */
export function PlaceOptions({ spots, active, open, onActive, onLeave, onOpen, onZoom }: OptionsProps) {
  const id = useId();
  const at = spots.findIndex(({ key }) => key === active);
  if (spots.length === 0) return null;
  const go = (place: number) => {
    const spot = spots[place];
    if (spot !== undefined) onActive(spot);
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const place = placeAfter(event.key, at, spots.length);
    const factor = ZOOMS.get(event.key);
    if (place !== null) go(place);
    else if (factor !== undefined) onZoom(factor);
    else if ((event.key === "Enter" || event.key === " ") && active !== null) onOpen(active);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      role="listbox"
      tabIndex={0}
      aria-label={mapStrings.options}
      aria-description={mapStrings.optionsHint}
      aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
      className="pointer-events-none absolute inset-0 rounded-lg focus-visible:-outline-offset-2"
      onKeyDown={press}
      onFocus={() => at < 0 && go(0)}
      onBlur={onLeave}
    >
      <div className="sr-only" role="presentation">
        {spots.map((spot, place) => (
          <div
            key={spot.key}
            id={`${id}-${place}`}
            role="option"
            tabIndex={-1}
            aria-selected={spot.key === open}
          >
            {spotWords(spot)}
          </div>
        ))}
      </div>
    </div>
  );
}
