/** What can be done with any panel: full screen, table, CSV, picture. */

import { BarChart3, Download, Image, Maximize2, Minimize2, MoreVertical, Table2 } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactNode, Ref } from "react";
import { download, fileName } from "../lib/download";
import { strings } from "../lib/strings";
import { csvOf, type Table } from "../lib/table";
import type { Picture } from "./Panel";

interface PanelMenuProps {
  title: string;
  full: boolean;
  onFull: (full: boolean) => void;
  asTable: boolean;
  /** `null` where there is nothing but the table. */
  onTable: ((asTable: boolean) => void) | null;
  table?: Table;
  picture?: Picture;
  ref: Ref<HTMLButtonElement>;
}

export function PanelMenu({ title, full, onFull, asTable, onTable, table, picture, ref }: PanelMenuProps) {
  const { panel } = strings;
  const saveTable = (numbers: Table) =>
    download(new Blob([csvOf(numbers)], { type: "text/csv" }), fileName(title, "csv", new Date()));
  const savePicture = async ({ ending, make }: Picture) => {
    const picture = await make();
    if (picture !== null) download(picture, fileName(title, ending, new Date()));
  };
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        ref={ref}
        aria-label={panel.menuOf(title)}
        title={panel.menu}
        className="grid size-6 shrink-0 place-items-center rounded text-fg-3 hover:bg-raised hover:text-fg data-[state=open]:bg-raised data-[state=open]:text-fg"
      >
        <MoreVertical size={14} aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} className="popup appear z-50 min-w-44 p-1">
          <Item onSelect={() => onFull(!full)}>
            {full ? <Minimize2 size={14} aria-hidden="true" /> : <Maximize2 size={14} aria-hidden="true" />}
            {full ? panel.leaveFull : panel.full}
          </Item>
          {table !== undefined && (
            <>
              {onTable !== null && (
                <Item onSelect={() => onTable(!asTable)}>
                  {asTable ? (
                    <BarChart3 size={14} aria-hidden="true" />
                  ) : (
                    <Table2 size={14} aria-hidden="true" />
                  )}
                  {asTable ? panel.drawing : panel.table}
                </Item>
              )}
              <Item onSelect={() => saveTable(table)}>
                <Download size={14} aria-hidden="true" />
                {panel.csv}
              </Item>
            </>
          )}
          {picture !== undefined && !asTable && (
            <Item onSelect={() => void savePicture(picture)}>
              <Image size={14} aria-hidden="true" />
              {panel.picture(picture.ending.toUpperCase())}
            </Item>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Item({ onSelect, children }: { onSelect: () => void; children: ReactNode }) {
  return (
    <DropdownMenu.Item className="menu-item" onSelect={onSelect}>
      {children}
    </DropdownMenu.Item>
  );
}
