/** What a packet's row says, in groups. */

import { Filter } from "lucide-react";
import type { ReactNode } from "react";
import type { PacketRow } from "../../generated/PacketRow";
import { byteCountText, dateAndUtc } from "../../lib/format";
import { classColor, protocolClass } from "../../lib/protocols";
import { strings } from "../../lib/strings";

/** A packet as the program told it. */
export interface Shown {
  row: PacketRow;
  /** Two hexadecimal digits for each byte. */
  bytes: string;
}

export interface FactsProps {
  shown: Shown;
  onFilter: (text: string) => void;
}

export function Facts({ shown: { row, bytes }, onFilter }: FactsProps) {
  const { packets } = strings;
  return (
    <section
      aria-label={packets.facts}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="min-h-0 overflow-auto px-3 py-1 text-table focus-visible:-outline-offset-2"
    >
      <Group title={packets.ends}>
        <Fact label={packets.columns[2]}>
          <Address address={row.source} onFilter={onFilter} />
        </Fact>
        <Fact label={packets.columns[3]}>
          <Address address={row.destination} onFilter={onFilter} />
        </Fact>
      </Group>
      <Group title={packets.content}>
        <Fact label={packets.columns[4]}>
          <i
            className="swatch mr-1.5 inline-block size-2 rounded-xs"
            style={{ background: classColor(protocolClass(row.protocol)) }}
          />
          {row.protocol}
        </Fact>
        <Fact label={packets.info}>{row.info === "" ? "–" : row.info}</Fact>
      </Group>
      <Group title={packets.frame}>
        <Fact label={packets.time}>{dateAndUtc(row.time_ms)}</Fact>
        <Fact label={packets.length}>{byteCountText(row.length)}</Fact>
        <Fact label={packets.captured}>{byteCountText(Math.floor(bytes.length / 2))}</Fact>
      </Group>
    </section>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details open className="mb-1">
      <summary className="h-6 cursor-pointer font-medium leading-6">{title}</summary>
      <dl className="grid grid-cols-[minmax(72px,124px)_minmax(0,1fr)] max-sm:grid-cols-[84px_minmax(0,1fr)] gap-x-3 gap-y-0.5 border-line border-l pl-3">
        {children}
      </dl>
    </details>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-fg-3">{label}</dt>
      <dd className="mono break-all">{children}</dd>
    </>
  );
}

function Address({ address, onFilter }: { address: string; onFilter: (text: string) => void }) {
  if (address === "") return "–";
  return (
    <span className="inline-flex items-center gap-1">
      {address}
      <button
        type="button"
        className="grid size-6 shrink-0 place-items-center rounded text-fg-3 hover:bg-raised hover:text-fg"
        aria-label={strings.packets.filterBy(address)}
        title={strings.packets.filterBy(address)}
        onClick={() => onFilter(address)}
      >
        <Filter size={12} aria-hidden="true" />
      </button>
    </span>
  );
}
