/** One flow in the list. */

import type { ReactNode } from "react";
import { CategoryMark } from "../../components/CategoryMark";
import { Sparkline } from "../../components/Sparkline";
import { StateDot } from "../../components/StateDot";
import { Stranger } from "../../components/Stranger";
import type { FlowListed } from "../../generated/FlowListed";
import { endText } from "../../lib/flow-names";
import { flowStrings } from "../../lib/flow-strings";
import { UNKNOWN } from "../../lib/format";
import { classColor, protocolClass } from "../../lib/protocols";
import type { ListColumn } from "./columns";
import { toneOf } from "./tone";

/** A reading every 2 s of a minute. */
const READINGS = 30;

interface Props {
  id: string;
  place: number;
  top_px: number;
  /** `null` until it is there. */
  flow: FlowListed | null;
  columns: readonly ListColumn[];
  tracks: string;
  /** The flow whose sheet is open. */
  selected: number | null;
  /** Whether the keyboard is on it. */
  pointed: boolean;
  onPress: (id: number) => void;
}

export function FlowRow({ id, place, top_px, flow, columns, tracks, selected, pointed, onPress }: Props) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as the grid
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys
    <div
      id={id}
      role="row"
      // The headings are row 1.
      aria-rowindex={place + 2}
      aria-selected={flow !== null && flow.id === selected}
      data-cursor={pointed ? "" : undefined}
      data-flow={flow?.id}
      className={`list-row cursor-default ${flow?.active === false ? "text-fg-2" : ""}`}
      style={{ gridTemplateColumns: tracks, transform: `translateY(${top_px}px)` }}
      onClick={flow === null ? undefined : () => onPress(flow.id)}
    >
      {columns.map((column, at) => (
        // biome-ignore lint/a11y/useSemanticElements: as the grid
        // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
        <span
          key={column.id}
          role="gridcell"
          aria-colindex={at + 1}
          className={column.right ? "text-right" : ""}
        >
          {flow === null ? at === 0 && flowStrings.loading : <Content column={column} flow={flow} />}
        </span>
      ))}
    </div>
  );
}

function Content({ column, flow }: { column: ListColumn; flow: FlowListed }) {
  switch (column.id) {
    case "protocol":
      return (
        <>
          <i
            className="swatch mr-1.5 inline-block size-2 rounded-xs"
            style={{ background: classColor(protocolClass(flow.protocol)) }}
          />
          {flow.protocol}
        </>
      );
    case "app":
      return (
        <Name name={flow.app}>
          <CategoryMark category={flow.category} />
        </Name>
      );
    case "category":
      return (
        <Name name={flow.category}>
          <CategoryMark category={flow.category} named />
        </Name>
      );
    case "hostname":
      return <Name name={flow.hostname} />;
    case "sni":
      return <Name name={flow.sni} />;
    case "client":
      return <End address={flow.client} port={flow.client_port} />;
    case "server":
      return <End address={flow.server} port={flow.server_port} />;
    case "state":
      return (
        <span className="inline-flex items-center gap-1.5 align-middle">
          <StateDot tone={toneOf(flow)} />
          {column.text(flow)}
        </span>
      );
    case "recent":
      if (flow.recent_bps.length === 0) return UNKNOWN;
      return (
        <span className="flex items-center">
          <Sparkline values={flow.recent_bps} most={READINGS} label={column.text(flow)} />
        </span>
      );
    default: {
      const text = column.text(flow);
      // What is not there steps back behind what is.
      return text === UNKNOWN || /^0( |$)/.test(text) ? <span className="text-fg-3">{text}</span> : text;
    }
  }
}

/** A name that is not known steps back. */
function Name({ name, children }: { name: string | null; children?: ReactNode }) {
  if (name === null) return <span className="text-fg-3">{UNKNOWN}</span>;
  return (
    <span className="flex items-center gap-1.5">
      {children}
      <Stranger name={name} />
    </span>
  );
}

/** Where there is no room for both, the address makes some: ports tell flows between the same two apart. */
function End({ address, port }: { address: string; port: number | null }) {
  const text = endText(address, port);
  const tail = port === null ? "" : text.slice(text.length - String(port).length - 1);
  return (
    <span className="mono flex" title={text}>
      <span className="truncate">{text.slice(0, text.length - tail.length)}</span>
      <span className="text-fg-2">{tail}</span>
    </span>
  );
}
