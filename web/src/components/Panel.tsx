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
  /** The colour by which other panels know what the title names. */
  color?: string;
  /** What the numbers are of, such as their time range. */
  meta?: ReactNode;
  /** What stands at the right, and in narrow panels under the title. */
  readout?: ReactNode;
  /** The same numbers as a table, for the screen and for a CSV file. Constant or memoised. */
  table?: Table;
  picture?: Picture;
  className?: string;
  /** A panel without any shows its table, and nothing else. */
  children?: ReactNode;
}

export function Panel(props: PanelProps) {
  const { title, unit, color, meta, readout, table, picture, className = "", children } = props;
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
      className={`panel group/panel @container/panel flex flex-col data-full:fixed data-full:inset-0 data-full:z-30 data-full:overflow-auto data-full:rounded-none data-full:p-2 ${className}`}
      aria-label={title}
    >
      <header className="grid min-h-9 grid-cols-[auto_minmax(0,1fr)_auto_auto] items-center gap-x-2 pt-1.5 pr-1.5 pl-3 text-table @max-md/panel:grid-cols-[auto_minmax(0,1fr)_auto]">
        <h2 className="whitespace-nowrap font-semibold text-fg-2">
          {color !== undefined && (
            <i className="swatch mr-2 inline-block size-2 rounded-xs" style={{ background: color }} />
          )}
          {title} {unit !== undefined && <span className="font-normal text-fg-3">{unit}</span>}
        </h2>
        <div className="min-w-0 whitespace-pre-wrap text-right text-fg-2 @max-md/panel:order-last @max-md/panel:col-span-3 @max-md/panel:text-left">
          {readout}
        </div>
        {/* The room around is for the mark of what has the focus inside. */}
        <div className="-mx-1 truncate px-1 py-1 text-right text-fg-3">{meta}</div>
        <PanelMenu
          ref={menu}
          title={title}
          full={full}
          onFull={setFull}
          asTable={asTable}
          onTable={children === undefined ? null : setAsTable}
          {...(table === undefined ? {} : { table })}
          {...(picture === undefined ? {} : { picture })}
        />
      </header>
      <Boundary>
        {(asTable || children === undefined) && table !== undefined ? (
          <DataTable title={title} table={table} />
        ) : (
          children
        )}
      </Boundary>
    </section>
  );
}
