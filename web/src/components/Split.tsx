/** Two panes and a separator that shares the room between them, by pointer or by keyboard. */

import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from "react";
import { type Kept, keep, kept } from "../lib/storage";
import { strings } from "../lib/strings";

interface SplitProps {
  /** Under what name the share is remembered. */
  name: Extract<Kept, `pane.${string}`>;
  label: string;
  /** One above the other instead of beside each other. */
  stacked?: boolean;
  /** The second pane's share where nobody chose one, 0 to 1. */
  initial: number;
  first: ReactNode;
  /** `null` leaves all the room to the first. */
  second: ReactNode;
  className?: string;
}

/** Neither pane becomes too small to find again. */
const LEAST = 0.15;
const MOST = 0.85;
const STEP = 0.02;

export function shareOf(text: string | null, initial: number): number {
  const share = text === null || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(share) ? Math.min(MOST, Math.max(LEAST, share)) : initial;
}

export function Split({ name, label, stacked = false, initial, first, second, className = "" }: SplitProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [share, setShare] = useState(() => shareOf(kept(name), initial));
  const change = (wanted: number) => {
    const next = Math.min(MOST, Math.max(LEAST, wanted));
    setShare(next);
    keep(name, next.toFixed(3));
  };
  const drag = (event: PointerEvent) => {
    const box = frame.current?.getBoundingClientRect();
    if (box === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    change(stacked ? (box.bottom - event.clientY) / box.height : (box.right - event.clientX) / box.width);
  };
  const press = (event: KeyboardEvent) => {
    const [less, more] = stacked ? ["ArrowDown", "ArrowUp"] : ["ArrowRight", "ArrowLeft"];
    if (event.key === less) change(share - STEP);
    else if (event.key === more) change(share + STEP);
    else if (event.key === "Home") change(MOST);
    else if (event.key === "End") change(LEAST);
    else if (event.key === "Enter") change(initial);
    else return;
    event.preventDefault();
  };
  const tracks = `minmax(0, ${1 - share}fr) 12px minmax(0, ${share}fr)`;
  const open = second !== null;
  return (
    <div
      ref={frame}
      className={`grid min-h-0 min-w-0 ${className}`}
      style={open ? { [stacked ? "gridTemplateRows" : "gridTemplateColumns"]: tracks } : undefined}
    >
      {first}
      {open && (
        // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved; this is the separator of two panes
        <div
          role="separator"
          tabIndex={0}
          aria-label={label}
          aria-orientation={stacked ? "horizontal" : "vertical"}
          aria-valuemin={Math.round((1 - MOST) * 100)}
          aria-valuemax={Math.round((1 - LEAST) * 100)}
          aria-valuenow={Math.round((1 - share) * 100)}
          title={strings.split.hint}
          className={`group grid touch-none place-items-center ${stacked ? "cursor-row-resize" : "cursor-col-resize"}`}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={drag}
          onDoubleClick={() => change(initial)}
          onKeyDown={press}
        >
          <i
            className={`rounded-full bg-line-strong group-hover:bg-accent group-active:bg-accent ${stacked ? "h-[3px] w-10" : "h-10 w-[3px]"}`}
          />
        </div>
      )}
      {second}
    </div>
  );
}
