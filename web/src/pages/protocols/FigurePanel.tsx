/** A panel of counts, which can be saved as a table. */

import { type ReactNode, useMemo } from "react";
import { type Figure, Figures } from "../../components/Figures";
import { Panel } from "../../components/Panel";
import { protocolStrings } from "../../lib/protocol-strings";
import type { Table } from "../../lib/table";

interface Props {
  title: string;
  figures: readonly Figure[];
  meta?: ReactNode;
  className: string;
}

export function FigurePanel({ title, figures, meta = protocolStrings.session, className }: Props) {
  const table = useMemo(() => tableOf(figures), [figures]);
  return (
    <Panel title={title} meta={meta} table={table} className={className}>
      <Figures figures={figures} />
    </Panel>
  );
}

function tableOf(figures: readonly Figure[]): Table {
  const { volume, tcp } = protocolStrings;
  return {
    columns: [{ label: volume.quantity }, { label: tcp.count }],
    rows: () => figures.map(({ label, value }) => [label, value]),
  };
}
