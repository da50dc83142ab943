/** Who talks to whom: a flow diagram, ranked bars where that has no room, and a table for everybody. */

import { useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo, useRef } from "react";
import { Panel } from "../../components/Panel";
import { useSize } from "../../components/size";
import { svgOf } from "../../components/svg-picture";
import type { HostsTopic } from "../../generated/HostsTopic";
import type { TopTalker } from "../../generated/TopTalker";
import { flowsBetween } from "../../lib/flow-names";
import { byteCountText, count } from "../../lib/format";
import { strings } from "../../lib/strings";
import type { Table } from "../../lib/table";
import { TalkerDiagram } from "./TalkerDiagram";
import {
  DIRECTION_COLORS,
  DIRECTION_LABELS,
  type Direction,
  directionOf,
  type EndNames,
  namesOf,
} from "./talkers";

interface Props {
  hosts: HostsTopic;
  onPick: (address: string) => void;
  className: string;
}

const TALKERS = 7;

/** Narrower than this the addresses would cover the picture. */
const LEAST_WIDTH = 440;

export function Talkers({ hosts, onPick, className }: Props) {
  const area = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(area);
  const talkers = useMemo(() => hosts.talkers.slice(0, TALKERS), [hosts]);
  const names = useMemo(() => namesOf(hosts.hosts), [hosts]);
  const table = useMemo(() => tableOf(hosts.talkers, onPick), [hosts, onPick]);
  const picture = useMemo(() => ({ ending: "svg" as const, make: () => svgOf(area.current) }), []);
  const navigate = useNavigate();
  const showFlows = useCallback(
    ({ source, destination }: TopTalker) => {
      const filter = flowsBetween(source, destination);
      if (filter === null) onPick(destination);
      else void navigate({ to: "/flows", search: { filter } });
    },
    [navigate, onPick],
  );
  // Where some addresses are local and some are not, only what the local ones send is ranked.
  const fromLocal = talkers.length > 0 && talkers.every((talker) => talker.source_local);
  const narrow = width > 0 && width < LEAST_WIDTH;
  return (
    <Panel
      title={strings.dashboard.talkers}
      meta={fromLocal ? strings.dashboard.byBytesFromLocal : strings.dashboard.byBytes}
      className={className}
      table={table}
      {...(narrow ? {} : { picture })}
    >
      {talkers.length === 0 && (
        <p className="grid min-h-60 flex-1 place-items-center text-fg-3">{strings.dashboard.talkersNone}</p>
      )}
      {/* Bars take the height they need; the diagram takes the height there is, and never pushes its panel. */}
      <div className={narrow ? "px-3 pt-1" : "relative min-h-60 flex-1"} hidden={talkers.length === 0}>
        <div ref={area} className={narrow ? "" : "absolute inset-x-3 inset-y-1 overflow-hidden"}>
          {narrow && <RankedBars talkers={talkers} names={names} onFlows={showFlows} />}
          {!narrow && width > 0 && (
            <TalkerDiagram
              talkers={talkers}
              names={names}
              width={width}
              height={height}
              onFlows={showFlows}
            />
          )}
        </div>
      </div>
      {talkers.length > 0 && <Legend talkers={talkers} />}
    </Panel>
  );
}

function tableOf(talkers: readonly TopTalker[], pick: (address: string) => void): Table {
  const { dashboard } = strings;
  return {
    columns: [
      { label: dashboard.source, pick },
      { label: dashboard.destination, pick },
      { label: dashboard.direction },
      { label: dashboard.bytes, unit: "bytes", text: byteCountText },
      { label: dashboard.packets, text: count },
    ],
    rows: () =>
      talkers.map((talker) => [
        talker.source,
        talker.destination,
        DIRECTION_LABELS[directionOf(talker)],
        talker.bytes,
        talker.packets,
      ]),
  };
}

/** The directions that are there, in a fixed order so that nothing jumps. */
const DIRECTIONS: readonly Direction[] = ["in", "out", "internal", "transit"];

function Legend({ talkers }: { talkers: readonly TopTalker[] }) {
  const seen = new Set(talkers.map(directionOf));
  return (
    <ul className="flex gap-3 px-3 pt-1 pb-2 text-fg-3 text-meta">
      {DIRECTIONS.filter((direction) => seen.has(direction)).map((direction) => (
        <li key={direction} className="inline-flex items-center gap-1.5">
          <i className="swatch size-2 rounded-xs" style={{ background: DIRECTION_COLORS[direction] }} />
          {DIRECTION_LABELS[direction]}
        </li>
      ))}
    </ul>
  );
}

interface ListProps {
  talkers: readonly TopTalker[];
  names: EndNames;
  onFlows: (talker: TopTalker) => void;
}

function RankedBars({ talkers, names, onFlows }: ListProps) {
  const most = talkers[0]?.bytes ?? 1;
  return (
    <ol className="flex flex-col gap-2 py-1">
      {talkers.map((talker) => (
        <li key={`${talker.source} ${talker.destination}`}>
          <button
            type="button"
            className="block w-full text-left"
            title={strings.dashboard.flowsOf(`${talker.source} → ${talker.destination}`)}
            onClick={() => onFlows(talker)}
          >
            <span className="flex gap-2 text-table">
              <span className="min-w-0 flex-1 truncate">
                <bdi>{names.get(talker.source)?.name ?? talker.source}</bdi> →{" "}
                <bdi>{names.get(talker.destination)?.name ?? talker.destination}</bdi>
              </span>
              <span className="shrink-0 text-fg-2">{byteCountText(talker.bytes)}</span>
            </span>
            <span
              className="swatch mt-1 block h-1.5 rounded-xs"
              style={{
                width: `${(talker.bytes / most) * 100}%`,
                background: DIRECTION_COLORS[directionOf(talker)],
              }}
            />
          </button>
        </li>
      ))}
    </ol>
  );
}
