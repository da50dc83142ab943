/** What stands over a list: the field that narrows it, and whatever else chooses what is in it. */

import type { ReactNode } from "react";
import { type FilterProps, TextFilter } from "./TextFilter";

interface Props extends FilterProps {
  /** Whether so much stands beside the field that it has a row of its own where there is less room. */
  crowded?: boolean;
  /** Whether it is a part of the list's panel, and not over it. */
  inset?: boolean;
  children: ReactNode;
}

export function Toolbar({ crowded = false, inset = false, children, ...field }: Props) {
  return (
    <div className={`flex flex-wrap items-center gap-2 ${inset ? "px-3 py-2" : ""}`}>
      <div className={crowded ? "flex @4xl:basis-0 basis-full @4xl:grow" : "contents"}>
        <TextFilter {...field} />
      </div>
      {children}
    </div>
  );
}
