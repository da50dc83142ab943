/** Two numbers that say the same of different things, under each other, and their lines over the range on the screen. */

import { Term } from "../../components/Term";
import { UNKNOWN } from "../../lib/format";
import { Beside, CardFrame } from "./CardFrame";
import type { PairCard } from "./cards";

export function PairKpi({ card: { label, pair } }: { card: PairCard }) {
  return (
    <CardFrame label={label} cards={pair} canvas="h-2.5">
      {pair.map((card) => (
        <div key={card.label} data-reading="" className="@container">
          <span className="flex h-5 items-center gap-1">
            <i className="swatch size-1.5 shrink-0 rounded-xs" style={{ background: `var(${card.color})` }} />
            <span className="mr-auto truncate text-fg-3 text-meta">
              {card.hint === undefined ? (
                <Label text={card.label} />
              ) : (
                <Term label={<Label text={card.label} />} hint={card.hint} />
              )}
            </span>
            <span data-part="number" className="font-semibold text-input tracking-tight">
              {UNKNOWN}
            </span>
            <span data-part="unit" className="text-fg-2 text-meta" />
          </span>
          <Beside />
        </div>
      ))}
    </CardFrame>
  );
}

/** Beside a number in the narrowest cards there is room for the first word alone; the hint says the rest. */
function Label({ text }: { text: string }) {
  const [first = "", ...rest] = text.split(" ");
  return (
    <>
      {first}
      <span className="@max-[7rem]:sr-only">{` ${rest.join(" ")}`}</span>
    </>
  );
}
