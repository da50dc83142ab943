/** How often each of some names came, the commonest first. */

import { useMemo } from "react";
import { BarList } from "../../components/BarList";
import { Panel } from "../../components/Panel";
import { count } from "../../lib/format";
import { protocolStrings } from "../../lib/protocol-strings";
import type { Table } from "../../lib/table";

interface Props {
  title: string;
  meta: string;
  /** What a name is. */
  label: string;
  counts: Readonly<Record<string, number>>;
  /** Writes a name for people; constant. */
  text?: (name: string) => string;
  color: string;
  /** Said where there is no name. */
  none: string;
  className: string;
}

const AS_IT_IS = (name: string) => name;

export function NameCounts(props: Props) {
  const { title, meta, label, counts, text = AS_IT_IS, color, none, className } = props;
  const bars = useMemo(
    () =>
      Object.entries(counts)
        .sort(([, one], [, other]) => other - one)
        .map(([name, n]) => ({ key: name, label: text(name), value: n, text: count(n), color })),
    [counts, text, color],
  );
  const table = useMemo(
    (): Table => ({
      columns: [{ label }, { label: protocolStrings.tcp.count, text: count }],
      rows: () => bars.map((bar) => [bar.label, bar.value]),
    }),
    [bars, label],
  );
  return (
    <Panel title={title} meta={meta} table={table} className={className}>
      {bars.length === 0 ? <p className="px-3 pb-3 text-fg-3">{none}</p> : <BarList bars={bars} />}
    </Panel>
  );
}
