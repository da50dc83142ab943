/** One flow in full, beside the list: its facts, its course, what was found in it. */

import { Link } from "@tanstack/react-router";
import { Filter, List, X } from "lucide-react";
import { CategoryMark } from "../../components/CategoryMark";
import { CopyButton } from "../../components/CopyButton";
import { StateDot } from "../../components/StateDot";
import { Stranger } from "../../components/Stranger";
import type { FlowDetail } from "../../generated/FlowDetail";
import type { FlowListed } from "../../generated/FlowListed";
import { endText, flowName } from "../../lib/flow-names";
import { flowStrings } from "../../lib/flow-strings";
import { count } from "../../lib/format";
import { classColor, protocolClass } from "../../lib/protocols";
import { strings } from "../../lib/strings";
import { Note } from "../parts/Note";
import { stateText } from "./columns";
import { EvidenceChain } from "./EvidenceChain";
import { Findings } from "./Findings";
import { FlowCourses } from "./FlowCourses";
import { FlowFacts } from "./FlowFacts";
import { FlowSides } from "./FlowSides";
import { FlowStreams } from "./FlowStreams";
import { QuicFacts } from "./QuicFacts";
import { TlsFacts } from "./TlsFacts";
import { toneOf } from "./tone";
import { useFlow } from "./use-flow";

const { sheet } = flowStrings;

interface Props {
  id: number;
  onClose: () => void;
  onFilter: (text: string) => void;
  onLabel: (flow: FlowListed) => void;
}

export function FlowSheet({ id, onClose, onFilter, onLabel }: Props) {
  const { detail, gone, problem, again } = useFlow(id);
  return (
    <section
      aria-label={sheet.label}
      className="panel appear flex min-h-0 min-w-0 flex-col overflow-hidden bg-bg!"
    >
      <Header detail={detail} onClose={onClose} onFilter={onFilter} />
      {problem !== null && (
        <div role="alert" className="mx-3 mb-2 rounded-md border border-line bg-panel p-3">
          <p className="font-medium">{gone ? sheet.gone : problem}</p>
          {gone ? (
            <p className="text-fg-3">{sheet.goneHint}</p>
          ) : (
            <button type="button" className="button mt-2" onClick={again}>
              {strings.panel.retry}
            </button>
          )}
        </div>
      )}
      {detail === null && problem === null && <Skeleton />}
      {detail !== null && (
        <div
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className={`@container flex min-h-0 flex-1 flex-col gap-3 overflow-auto px-3 pb-3 *:shrink-0 focus-visible:-outline-offset-2 ${gone ? "opacity-60" : ""}`}
        >
          <FlowFacts detail={detail} />
          <EvidenceChain detail={detail} onLabel={onLabel} />
          {detail.streams.length > 0 && <FlowStreams flow={detail.listed} streams={detail.streams} />}
          {detail.tls !== null && <TlsFacts tls={detail.tls} />}
          {detail.quic !== null && <QuicFacts quic={detail.quic} />}
          <FlowSides detail={detail} />
          <Kept detail={detail} />
          <FlowCourses id={detail.listed.id} course={detail.course} isTcp={detail.tcp !== null} />
          <Findings key={detail.listed.id} detail={detail} />
        </div>
      )}
    </section>
  );
}

interface HeaderProps extends Pick<Props, "onClose" | "onFilter"> {
  detail: FlowDetail | null;
}

function Header({ detail, onClose, onFilter }: HeaderProps) {
  const flow = detail?.listed ?? null;
  return (
    <header className="flex flex-wrap items-center gap-x-2 gap-y-1.5 px-3 py-2">
      <h2 className="mono flex min-w-0 flex-1 flex-wrap items-center gap-x-1 font-semibold text-fg">
        {flow === null ? (
          sheet.label
        ) : (
          <>
            <End address={flow.client} port={flow.client_port} onFilter={onFilter} />
            <span className="mr-1 text-fg-3">→</span>
            <End address={flow.server} port={flow.server_port} onFilter={onFilter} />
          </>
        )}
      </h2>
      <button
        type="button"
        className="grid size-6 shrink-0 place-items-center self-start rounded text-fg-3 hover:bg-raised hover:text-fg"
        aria-label={sheet.close}
        title={sheet.close}
        onClick={onClose}
      >
        <X size={14} aria-hidden="true" />
      </button>
      {flow !== null && (
        <div className="flex basis-full flex-wrap items-center gap-x-4 gap-y-1.5">
          {flow.app !== null && (
            <span className="inline-flex min-w-0 max-w-full items-center gap-1.5 font-medium">
              <CategoryMark category={flow.category} />
              <Stranger name={flow.app} />
            </span>
          )}
          <span className="inline-flex items-center gap-1.5">
            <i
              className="swatch size-2 rounded-xs"
              style={{ background: classColor(protocolClass(flow.protocol)) }}
            />
            {flow.protocol}
          </span>
          <span className="inline-flex items-center gap-1.5">
            <StateDot tone={toneOf(flow)} />
            {stateText(flow)}
          </span>
          <span className="ml-auto flex gap-2">
            <CopyButton
              text={() => flowName(flow)}
              label={strings.permission.copy}
              className="max-sm:hidden"
            />
            <Link to="/live" search={{ flow: flow.id }} className="button">
              <List size={14} aria-hidden="true" />
              {sheet.showPackets}
            </Link>
          </span>
        </div>
      )}
    </header>
  );
}

interface EndProps {
  address: string;
  port: number | null;
  onFilter: (text: string) => void;
}

function End({ address, port, onFilter }: EndProps) {
  const label = sheet.filterBy(address);
  return (
    <span className="inline-flex max-w-full items-center">
      <span className="break-all">{endText(address, port)}</span>
      <button
        type="button"
        className="grid size-6 shrink-0 place-items-center rounded text-fg-3 hover:bg-raised hover:text-fg"
        aria-label={label}
        title={label}
        onClick={() => onFilter(address)}
      >
        <Filter size={12} aria-hidden="true" />
      </button>
    </span>
  );
}

/** Says where charts and findings know less than the flow's counts. */
function Kept({ detail: { listed, course } }: { detail: FlowDetail }) {
  const all = listed.packets_up + listed.packets_down;
  if (course.packets === 0) return <Note text={sheet.noneKept} />;
  if (course.is_cut) return <Note text={sheet.cut(count(course.packets))} />;
  if (course.packets < all) return <Note text={sheet.notKept(count(course.packets), count(all))} />;
  return null;
}

function Skeleton() {
  return (
    <div aria-hidden="true" className="flex flex-col gap-3 px-3">
      <div className="skeleton h-32" />
      <div className="skeleton h-40" />
      <div className="skeleton h-56" />
    </div>
  );
}
