/** A list and the sheet of one of its rows: beside each other where there is room, else the sheet over the list. */

import type { ComponentProps, ReactNode, RefObject } from "react";
import { Split } from "../../../components/Split";

/** From here on there is room for list and sheet beside each other. */
const BESIDE_PX = 860;
/** Below this three columns are all that fit. */
const NARROW_PX = 560;

export function isNarrow(width: number): boolean {
  return width > 0 && width < NARROW_PX;
}

interface Props {
  frame: RefObject<HTMLDivElement | null>;
  /** The frame's. */
  width: number;
  /** What the place of the edge between the two is kept under. */
  name: ComponentProps<typeof Split>["name"];
  /** Says what moving that edge does. */
  label: string;
  list: ReactNode;
  /** `null` where none is open. */
  sheet: ReactNode | null;
}

export function ListFrame({ frame, width, name, label, list, sheet }: Props) {
  const beside = width === 0 || width >= BESIDE_PX;
  return (
    <div ref={frame} className="relative min-h-0 flex-1">
      <Split
        name={name}
        label={label}
        initial={0.42}
        first={list}
        second={beside ? sheet : null}
        className={`h-full ${!beside && sheet !== null ? "invisible" : ""}`}
      />
      {/* Without room for both the sheet lies over the list, which keeps its place. */}
      {!beside && sheet !== null && <div className="absolute inset-0 grid">{sheet}</div>}
    </div>
  );
}
