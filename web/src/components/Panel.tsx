/** A framed part of a page: title, range, menu, full screen, and its numbers as a table. */

import { type ReactNode, useRef, useState } from "react";
import type { Table } from "../lib/table";
import { Boundary } from "./Boundary";
import { DataTable } from "./DataTable";
import { useFullScreen } from "./full-screen";
import { PanelMenu } from "./PanelMenu";

/** A drawing that can be saved. */
export interface Picture {
  ending: "png" | "svg";
  make: () => Promise<Blob | null>;
}

interface PanelProps {
  title: string;
  /** The unit of every number inside. */
  unit?: string;
  /** What the numbers are of, such as their time range. */
  meta?: ReactNode;
  /** What stands at the right, and on small screens under the title. */
  readout?: ReactNode;
  /** The same numbers as a table, for the screen and for a CSV file. Constant or memoised. */
  table?: Table;
  picture?: Picture;
  className?: string;
  children: ReactNode;
}

export function Panel({ title, unit, meta, readout, table, picture, className = "", children }: PanelProps) {
  const [asTable, setAsTable] = useState(false);
  const [full, setFull] = useState(false);
  const section = useRef<HTMLElement>(null);
  const menu = useRef<HTMLButtonElement>(null);
  useFullScreen(section, full, () => {
    setFull(false);
    menu.current?.focus();
  });
  return (
    <section
      ref={section}
      data-full={full ? "" : undefined}
      className={`panel group/panel flex flex-col data-full:fixed data-full:inset-0 data-full:z-30 data-full:overflow-auto data-full:rounded-none data-full:p-2 ${className}`}
      aria-label={title}
    >
      <header className="flex min-h-9 items-center gap-x-2 pt-1.5 pr-1.5 pl-3 text-table max-sm:flex-wrap">
        <h2 className="whitespace-nowrap font-semibold text-fg-2">
          {title} {unit !== undefined && <span className="font-normal text-fg-3">{unit}</span>}
        </h2>
        <div className="ml-auto min-w-0 truncate whitespace-pre text-fg-2 max-sm:order-last max-sm:basis-full">
          {readout}
        </div>
        <div className="flex items-center whitespace-nowrap text-fg-3 max-sm:ml-auto">{meta}</div>
        <PanelMenu
          ref={menu}
          title={title}
          full={full}
          onFull={setFull}
          asTable={asTable}
          onTable={setAsTable}
          {...(table === undefined ? {} : { table })}
          {...(picture === undefined ? {} : { picture })}
        />
      </header>
      <Boundary>
        {asTable && table !== undefined ? <DataTable title={title} table={table} /> : children}
      </Boundary>
    </section>
  );
}
