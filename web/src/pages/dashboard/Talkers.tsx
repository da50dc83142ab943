/** Who talks to whom: a flow diagram, ranked bars where that has no room, and a table for everybody. */

import { useMemo, useRef, useState } from "react";
import { Panel } from "../../components/Panel";
import { useWidth } from "../../components/size";
import { TableToggle } from "../../components/TableToggle";
import type { HostsTopic } from "../../generated/HostsTopic";
import type { TopTalker } from "../../generated/TopTalker";
import { byteCountText } from "../../lib/format";
import { strings } from "../../lib/strings";
import { type Direction, layOutTalkers, shortened, type TalkerLink, type TalkerNode } from "./talkers";

interface Props {
  hosts: HostsTopic;
  onPick: (address: string) => void;
  className: string;
}

const TALKERS = 7;
const HEIGHT = 272;

/** Narrower than this the addresses would cover the picture. */
const LEAST_WIDTH = 440;

/** A character of the 12 px sans face is this wide at most. */
const CHARACTER_PX = 7;

/** Room beside an address for its bytes. */
const BYTES_PX = 64;

const COLORS: Record<Direction, string> = {
  in: "var(--in)",
  out: "var(--out)",
  internal: "var(--tls)",
  transit: "var(--rtp)",
  unknown: "var(--others)",
};

const LABELS: Record<Direction, string> = {
  in: strings.dashboard.series.in,
  out: strings.dashboard.series.out,
  internal: strings.dashboard.series.internal,
  transit: strings.dashboard.series.transit,
  unknown: "–",
};

export function Talkers({ hosts, onPick, className }: Props) {
  const [asTable, setAsTable] = useState(false);
  const area = useRef<HTMLDivElement>(null);
  const width = useWidth(area);
  const talkers = useMemo(() => hosts.talkers.slice(0, TALKERS), [hosts]);
  return (
    <Panel
      title={strings.dashboard.talkers}
      meta={strings.dashboard.byBytes}
      className={className}
      actions={<TableToggle asTable={asTable} onChange={setAsTable} />}
    >
      <div ref={area} className="px-3 pt-1 pb-2" style={{ minHeight: HEIGHT }}>
        {talkers.length === 0 && (
          <p className="grid h-64 place-items-center text-fg-3">{strings.dashboard.talkersNone}</p>
        )}
        {talkers.length > 0 && asTable && <TalkerTable talkers={talkers} onPick={onPick} />}
        {talkers.length > 0 && !asTable && width > 0 && width < LEAST_WIDTH && (
          <RankedBars talkers={talkers} onPick={onPick} />
        )}
        {talkers.length > 0 && !asTable && width >= LEAST_WIDTH && (
          <Diagram talkers={talkers} hosts={hosts} width={width} onPick={onPick} />
        )}
      </div>
    </Panel>
  );
}

interface DiagramProps {
  talkers: readonly TopTalker[];
  hosts: HostsTopic;
  width: number;
  onPick: (address: string) => void;
}

function Diagram({ talkers, hosts, width, onPick }: DiagramProps) {
  const [hot, setHot] = useState<TopTalker | null>(null);
  // The gutters are shares of the width: fixed ones would eat a narrow panel.
  const gutter = Math.min(250, width * 0.36);
  const layout = useMemo(
    () => layOutTalkers(talkers, hosts.hosts, { x0: gutter, y0: 4, x1: width - gutter, y1: HEIGHT - 34 }),
    [talkers, hosts, width, gutter],
  );
  const description = talkers
    .map((talker) => `${talker.source} to ${talker.destination}: ${byteCountText(talker.bytes)}`)
    .join("; ");
  const directions = [...new Set(layout.links.map((link) => link.direction))];
  return (
    <>
      <svg width={width} height={HEIGHT - 28} role="img" aria-label={description}>
        {layout.links.map((link) => (
          <Link
            key={`${link.talker.source} ${link.talker.destination}`}
            link={link}
            faint={hot !== null && !samePair(hot, link.talker)}
            onHover={setHot}
            onPick={onPick}
          />
        ))}
        {layout.nodes.map((node) => (
          <Node key={`${node.side} ${node.address}`} node={node} gutter={gutter} />
        ))}
      </svg>
      <ul className="flex gap-3 text-fg-3 text-meta">
        {directions.map((direction) => (
          <li key={direction} className="inline-flex items-center gap-1.5">
            <i className="swatch size-2 rounded-xs" style={{ background: COLORS[direction] }} />
            {LABELS[direction]}
          </li>
        ))}
      </ul>
    </>
  );
}

function samePair(a: TopTalker, b: TopTalker): boolean {
  return a.source === b.source && a.destination === b.destination;
}

interface LinkProps {
  link: TalkerLink;
  faint: boolean;
  onHover: (talker: TopTalker | null) => void;
  onPick: (address: string) => void;
}

function Link({ link, faint, onHover, onPick }: LinkProps) {
  const { talker, from, to } = link;
  const middle = (from.x + to.x) / 2;
  const words = `${talker.source} → ${talker.destination}  ${byteCountText(talker.bytes)}  ${LABELS[link.direction]}`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the table view of this panel does the same by keyboard
    <path
      d={`M${from.x},${from.y}C${middle},${from.y} ${middle},${to.y} ${to.x},${to.y}`}
      fill="none"
      stroke={COLORS[link.direction]}
      strokeOpacity={faint ? 0.14 : 0.45}
      strokeWidth={Math.max(1.5, link.width)}
      className="cursor-pointer transition-[stroke-opacity] duration-100"
      onMouseEnter={() => onHover(talker)}
      onMouseLeave={() => onHover(null)}
      onClick={() => onPick(talker.destination)}
    >
      <title>{words}</title>
    </path>
  );
}

function Node({ node, gutter }: { node: TalkerNode; gutter: number }) {
  const { box, side } = node;
  const left = side === "source";
  const characters = Math.floor((gutter - BYTES_PX - 8) / CHARACTER_PX);
  return (
    <g>
      <rect
        x={box.x0}
        y={box.y0}
        width={box.x1 - box.x0}
        height={Math.max(2, box.y1 - box.y0)}
        rx={1.5}
        fill="var(--fg-2)"
      />
      <text
        x={left ? box.x0 - 8 : box.x1 + 8}
        y={(box.y0 + box.y1) / 2}
        dy="0.32em"
        textAnchor={left ? "end" : "start"}
        fill="var(--fg)"
        fontSize={12}
      >
        <title>{node.address}</title>
        {shortened(node.address, characters)}
        <tspan fill="var(--fg-3)" dx={6}>
          {byteCountText(node.bytes)}
        </tspan>
      </text>
    </g>
  );
}

interface ListProps {
  talkers: readonly TopTalker[];
  onPick: (address: string) => void;
}

function RankedBars({ talkers, onPick }: ListProps) {
  const most = talkers[0]?.bytes ?? 1;
  return (
    <ol className="flex flex-col gap-2 py-1">
      {talkers.map((talker) => (
        <li key={`${talker.source} ${talker.destination}`}>
          <button
            type="button"
            className="block w-full text-left"
            title={strings.dashboard.filterBy(`${talker.source} → ${talker.destination}`)}
            onClick={() => onPick(talker.destination)}
          >
            <span className="flex gap-2 text-table">
              <span className="min-w-0 flex-1 truncate">
                {talker.source} → {talker.destination}
              </span>
              <span className="shrink-0 text-fg-2">{byteCountText(talker.bytes)}</span>
            </span>
            <span
              className="mt-1 block h-1.5 rounded-xs bg-accent"
              style={{ width: `${(talker.bytes / most) * 100}%` }}
            />
          </button>
        </li>
      ))}
    </ol>
  );
}

function TalkerTable({ talkers, onPick }: ListProps) {
  return (
    <table className="w-full table-fixed text-table">
      <thead className="text-fg-3">
        <tr>
          <th scope="col" className="text-left font-medium">
            {strings.dashboard.source}
          </th>
          <th scope="col" className="text-left font-medium">
            {strings.dashboard.destination}
          </th>
          <th scope="col" className="w-20 text-right font-medium">
            {strings.dashboard.bytes}
          </th>
        </tr>
      </thead>
      <tbody>
        {talkers.map((talker) => (
          <tr key={`${talker.source} ${talker.destination}`} className="h-[26px] hover:bg-raised">
            {[talker.source, talker.destination].map((address, column) => (
              <td key={column === 0 ? "source" : "destination"} className="truncate pr-2">
                <button
                  type="button"
                  className="mono min-h-6 hover:underline"
                  aria-label={strings.dashboard.filterBy(address)}
                  onClick={() => onPick(address)}
                >
                  {address}
                </button>
              </td>
            ))}
            <td className="text-right">{byteCountText(talker.bytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
