/** The applications with the most bytes, and what has no label: a first look at what the link is busy with. */

import { Link, useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { type Bar, BarList } from "../../components/BarList";
import { Panel } from "../../components/Panel";
import type { AppsTopic } from "../../generated/AppsTopic";
import { categoryColor } from "../../lib/categories";
import { byteCountText, count, share } from "../../lib/format";
import { strings } from "../../lib/strings";
import type { Table } from "../../lib/table";
import { useSession } from "../../live/session";
import { shareOf, wholeOf } from "../parts/app-shares";

const SHOWN = 8;

/** No application has this name: the flows without a label go by it. */
const UNLABELLED = "";

export function TopApps({ topic, className }: { topic: AppsTopic; className: string }) {
  const { dashboard } = strings;
  const navigate = useNavigate();
  const pick = useCallback((app: string) => void navigate({ to: "/flows", search: { app } }), [navigate]);
  const bars = useMemo(() => barsOf(topic), [topic]);
  const allBytes = useSession(({ totals }) => totals?.traffic.bytes ?? 0);
  const whole = wholeOf(topic, "session", allBytes);
  const table = useMemo(() => tableOf(topic, whole), [topic, whole]);
  return (
    <Panel
      title={dashboard.topApps}
      meta={
        <Link to="/apps" className="text-accent hover:underline">
          {dashboard.allApps}
        </Link>
      }
      table={table}
      className={className}
    >
      {topic.apps.length === 0 && <p className="px-3 pb-2 text-fg-3">{dashboard.noApps}</p>}
      <BarList bars={bars} whole={whole} pick={{ hint: dashboard.flowsOfApp, go: pick }} />
    </Panel>
  );
}

function barsOf({ apps, unlabelled }: AppsTopic): readonly Bar[] {
  const bars = apps.slice(0, SHOWN).map(
    ({ app, category, bytes }): Bar => ({
      key: app,
      label: app,
      value: bytes,
      text: byteCountText(bytes),
      color: categoryColor(category),
    }),
  );
  if (unlabelled.bytes === 0) return bars;
  const rest: Bar = {
    key: UNLABELLED,
    label: strings.dashboard.unlabelled,
    value: unlabelled.bytes,
    text: byteCountText(unlabelled.bytes),
    color: "var(--line-strong)",
  };
  return [...bars, rest];
}

function tableOf({ apps, unlabelled }: AppsTopic, whole: number): Table {
  const { dashboard } = strings;
  return {
    columns: [
      { label: dashboard.app },
      { label: dashboard.category, roomy: true },
      { label: dashboard.share, unit: "0 to 1", text: share },
      { label: dashboard.bytes, unit: "bytes", text: byteCountText },
      { label: dashboard.flowCount, text: count },
    ],
    rows: () => {
      const rest = { app: dashboard.unlabelled, category: "", ...unlabelled };
      return [...apps, rest].map(({ app, category, bytes, flows }) => [
        app,
        category,
        shareOf(bytes, whole),
        bytes,
        flows,
      ]);
    },
  };
}
