/** One number of this moment, with the range on the screen behind it. */

import { useMemo } from "react";
import { UNKNOWN } from "../../lib/format";
import { Beside, CardFrame } from "./CardFrame";
import type { Card } from "./cards";

export function Kpi({ card }: { card: Card }) {
  const cards = useMemo(() => [card], [card]);
  const { label, hint } = card;
  return (
    <CardFrame label={label} {...(hint === undefined ? {} : { hint })} cards={cards} canvas="mt-1 h-7">
      <div data-reading="">
        <span className="flex items-baseline gap-1">
          <span data-part="number" className="font-semibold text-kpi leading-8 tracking-tight">
            {UNKNOWN}
          </span>
          <span data-part="unit" className="text-fg-2 text-table" />
        </span>
        <Beside />
      </div>
    </CardFrame>
  );
}
