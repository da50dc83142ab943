/** Senders at the left, receivers at the right, a band as wide as the bytes between them. */

import { useMemo, useState } from "react";
import type { TopTalker } from "../../generated/TopTalker";
import { byteCountText } from "../../lib/format";
import {
  gutters,
  layOutTalkers,
  shortAddress,
  shortName,
  type TalkerLink,
  type TalkerNode,
} from "./talker-layout";
import { DIRECTION_COLORS, DIRECTION_LABELS, type EndNames } from "./talkers";

/** A character of an address or a name in the 12 px sans face is hardly wider than this. */
const CHARACTER_PX = 6.6;

/** Room beside an address for its bytes with a gap, and for its country where that is known. */
const BYTES_PX = 72;
const COUNTRY_PX = 24;

interface DiagramProps {
  talkers: readonly TopTalker[];
  names: EndNames;
  width: number;
  height: number;
  onFlows: (talker: TopTalker) => void;
}

export function TalkerDiagram({ talkers, names, width, height, onFlows }: DiagramProps) {
  const [hot, setHot] = useState<TopTalker | null>(null);
  const { source, destination } = gutters(
    {
      source: roomFor(
        talkers.map((talker) => talker.source),
        names,
      ),
      destination: roomFor(
        talkers.map((talker) => talker.destination),
        names,
      ),
    },
    width,
  );
  const layout = useMemo(
    () =>
      layOutTalkers(talkers, { x0: source, y0: 4, x1: width - destination, y1: Math.max(40, height - 4) }),
    [talkers, width, height, source, destination],
  );
  const description = talkers
    .map((talker) => `${talker.source} to ${talker.destination}: ${byteCountText(talker.bytes)}`)
    .join("; ");
  return (
    <svg width={width} height={height} role="img" aria-label={description}>
      {layout.links.map((link) => (
        <Link
          key={`${link.talker.source} ${link.talker.destination}`}
          link={link}
          faint={hot !== null && !samePair(hot, link.talker)}
          onHover={setHot}
          onFlows={onFlows}
        />
      ))}
      {layout.nodes.map((node) => (
        <Node
          key={`${node.side} ${node.address}`}
          node={node}
          names={names}
          gutter={node.side === "source" ? source : destination}
        />
      ))}
    </svg>
  );
}

/** What the longest words at one side take. */
function roomFor(addresses: readonly string[], names: EndNames): number {
  const room = (address: string) => {
    const { name = null } = names.get(address) ?? {};
    return Math.ceil((name ?? address).length * CHARACTER_PX) + besideOf(address, names);
  };
  return Math.max(0, ...addresses.map(room));
}

/** What stands beside the name or the address. */
function besideOf(address: string, names: EndNames): number {
  return BYTES_PX + ((names.get(address)?.country ?? null) === null ? 0 : COUNTRY_PX);
}

function samePair(a: TopTalker, b: TopTalker): boolean {
  return a.source === b.source && a.destination === b.destination;
}

interface LinkProps {
  link: TalkerLink;
  faint: boolean;
  onHover: (talker: TopTalker | null) => void;
  onFlows: (talker: TopTalker) => void;
}

function Link({ link, faint, onHover, onFlows }: LinkProps) {
  const { talker, from, to } = link;
  const middle = (from.x + to.x) / 2;
  const words = `${talker.source} → ${talker.destination}  ${byteCountText(talker.bytes)}  ${DIRECTION_LABELS[link.direction]}`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the table view of this panel does the same by keyboard
    <path
      d={`M${from.x},${from.y}C${middle},${from.y} ${middle},${to.y} ${to.x},${to.y}`}
      fill="none"
      stroke={DIRECTION_COLORS[link.direction]}
      strokeOpacity={faint ? 0.12 : 0.42}
      strokeWidth={Math.max(1.5, link.width)}
      className="cursor-pointer transition-[stroke-opacity] duration-100"
      onMouseEnter={() => onHover(talker)}
      onMouseLeave={() => onHover(null)}
      onClick={() => onFlows(talker)}
    >
      <title>{words}</title>
    </path>
  );
}

function Node({ node, names, gutter }: { node: TalkerNode; names: EndNames; gutter: number }) {
  const { box, side, address } = node;
  const { name = null, country = null } = names.get(address) ?? {};
  const left = side === "source";
  const characters = Math.floor((gutter - besideOf(address, names)) / CHARACTER_PX);
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
        <title>{name === null ? address : `${name} ${address}`}</title>
        {/* A name is written by strangers: its direction is its own. */}
        <tspan unicodeBidi="isolate">
          {name === null ? shortAddress(address, characters) : shortName(name, characters)}
        </tspan>
        {country !== null && (
          <tspan fill="var(--fg-2)" fontSize={11} dx={6}>
            {country}
          </tspan>
        )}
        <tspan fill="var(--fg-3)" dx={6}>
          {byteCountText(node.bytes)}
        </tspan>
      </text>
    </g>
  );
}
