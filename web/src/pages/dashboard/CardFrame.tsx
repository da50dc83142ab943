/** The frame of a card: its name, a warning where its numbers may be too low, and the small lines below them. */

import { type ReactNode, useRef } from "react";
import { Term } from "../../components/Term";
import { strings } from "../../lib/strings";
import type { Card } from "./cards";
import { useCards } from "./use-cards";

interface Props {
  label: string;
  hint?: string;
  /** Constant or memoised: one for each `data-reading` among the children, in their order. */
  cards: readonly Card[];
  /** How high the lines are. */
  canvas: string;
  children: ReactNode;
}

export function CardFrame({ label, hint, cards, canvas: height, children }: Props) {
  const root = useRef<HTMLLIElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useCards(root, canvas, cards);
  return (
    <li ref={root} className="panel group relative overflow-hidden px-3 pt-2 pb-1.5">
      <div className="flex h-5 items-center text-fg-3 text-meta">
        <span className="font-medium">{hint === undefined ? label : <Term label={label} hint={hint} />}</span>
        <span
          title={strings.dashboard.dropsHint}
          className="ml-auto hidden rounded-full border border-warn/50 px-1.5 font-semibold text-warn group-data-drops:inline"
        >
          ▲ {strings.dashboard.drops}
        </span>
      </div>
      {children}
      <canvas ref={canvas} className={`block w-full ${height}`} />
    </li>
  );
}

/** What stands beside a number. Where there is no room for all, the last are left out whole. */
export function Beside() {
  return (
    <span
      data-part="beside"
      className="flex h-4 flex-wrap gap-x-1.5 overflow-hidden whitespace-nowrap text-fg-3 text-meta leading-4 *:empty:hidden *:not-first:before:mr-1.5 *:not-first:before:content-['·']"
    >
      <span />
      <span />
      <span />
    </span>
  );
}
