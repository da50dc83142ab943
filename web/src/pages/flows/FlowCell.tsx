/** What the list shows of one flow. */

import { CategoryMark } from "../../components/CategoryMark";
import { StateDot } from "../../components/StateDot";
import type { FlowListed } from "../../generated/FlowListed";
import { endText } from "../../lib/flow-names";
import { classColor, protocolClass } from "../../lib/protocols";
import { NameCell, PlainCell, RecentCell } from "../parts/list/cells";
import type { ListColumn } from "./columns";
import { toneOf } from "./tone";

export function FlowCell({ column, flow }: { column: ListColumn; flow: FlowListed }) {
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
        <NameCell name={flow.app}>
          <CategoryMark category={flow.category} />
        </NameCell>
      );
    case "category":
      return (
        <NameCell name={flow.category}>
          <CategoryMark category={flow.category} named />
        </NameCell>
      );
    case "hostname":
      return <NameCell name={flow.hostname} />;
    case "sni":
      return <NameCell name={flow.sni} />;
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
      return <RecentCell recent_bps={flow.recent_bps} text={column.text(flow)} />;
    default:
      return <PlainCell text={column.text(flow)} />;
  }
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
