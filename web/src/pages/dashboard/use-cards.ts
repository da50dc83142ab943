/** Paints a card while it is in sight, as often as its numbers can be read. */

import { type RefObject, useEffect, useRef } from "react";
import { useSize } from "../../components/size";
import { UNKNOWN } from "../../lib/format";
import { bus } from "../../live/bus";
import { model } from "../../live/model";
import { type Card, isStale } from "./cards";
import { drawSparklines } from "./sparkline";

/** Numbers that change faster cannot be read. */
const PAINT_EVERY_MS = 250;

/** `cards` is constant or memoised; each is painted into the `data-reading` of `root` at its place. */
export function useCards(
  root: RefObject<HTMLElement | null>,
  canvas: RefObject<HTMLCanvasElement | null>,
  cards: readonly Card[],
): void {
  // Asked for at each painting, the size of one card would make the browser lay out the texts of the one before.
  const measured = useSize(canvas);
  const size = useRef(measured);
  useEffect(() => {
    size.current = measured;
    bus.markAll();
  }, [measured]);
  useEffect(() => {
    const places = [...(root.current?.querySelectorAll("[data-reading]") ?? [])].map(partsOf);
    const paint = () => {
      for (const [place, card] of cards.entries()) paintReading(places[place], card);
      const { kernel_drops = 0, interface_drops = 0 } = model.shown.totals?.traffic ?? {};
      root.current?.toggleAttribute("data-drops", (kernel_drops ?? 0) > 0 || (interface_drops ?? 0) > 0);
      if (canvas.current !== null) drawSparklines(canvas.current, size.current, cards);
    };
    return bus.view(["totals"], paint, { every_ms: PAINT_EVERY_MS, element: root.current });
  }, [root, canvas, cards]);
}

interface Parts {
  number: Element | null;
  unit: Element | null;
  beside: readonly Element[];
}

function partsOf(reading: Element): Parts {
  const part = (name: string) => reading.querySelector(`[data-part=${name}]`);
  return { number: part("number"), unit: part("unit"), beside: [...(part("beside")?.children ?? [])] };
}

function paintReading(parts: Parts | undefined, card: Card): void {
  const { reading, details } = card.read();
  if (parts?.number) parts.number.textContent = isStale() ? UNKNOWN : reading.number;
  if (parts?.unit) parts.unit.textContent = reading.unit;
  for (const [index, part] of (parts?.beside ?? []).entries()) part.textContent = details[index] ?? "";
}
