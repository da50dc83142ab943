/** What shares are of: the whole session, or this moment. */

import { ToggleGroup } from "radix-ui";
import { appStrings } from "../../lib/app-strings";
import { MEASURES, type Measure } from "../parts/app-shares";

interface Props {
  measure: Measure;
  onMeasure: (measure: Measure) => void;
}

export function MeasureSwitch({ measure, onMeasure }: Props) {
  const choose = (chosen: string) => {
    // Nothing is chosen when the one that is on is pressed again.
    const next = MEASURES.find((name) => name === chosen);
    if (next !== undefined) onMeasure(next);
  };
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={appStrings.shareOf}
      value={measure}
      onValueChange={choose}
      className="flex h-8 items-center rounded-md border border-line px-0.5"
    >
      {MEASURES.map((name) => (
        <ToggleGroup.Item
          key={name}
          value={name}
          title={appStrings.measureHints[name]}
          className="h-[26px] rounded-[5px] px-3 font-medium text-fg-2 hover:bg-raised hover:text-fg data-[state=on]:bg-raised data-[state=on]:text-fg"
        >
          {appStrings.measures[name]}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
