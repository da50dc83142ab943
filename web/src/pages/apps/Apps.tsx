/** The applications: who the traffic is with, how much each moves, and what told it. */

import { useNavigate, useSearch } from "@tanstack/react-router";
import { Tags } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { Choice } from "../../components/Choice";
import { Panel } from "../../components/Panel";
import { Toolbar } from "../../components/Toolbar";
import type { AppsTopic } from "../../generated/AppsTopic";
import { appStrings } from "../../lib/app-strings";
import { byteCountText, count } from "../../lib/format";
import { ruleStrings } from "../../lib/rule-strings";
import { strings } from "../../lib/strings";
import { useSession } from "../../live/session";
import { useTitle } from "../../live/title";
import { MEASURES, type Measure, wholeOf } from "../parts/app-shares";
import { RulesDialog } from "../parts/rules/RulesDialog";
import { useChange } from "../parts/use-change";
import { Waiting } from "../parts/Waiting";
import { AppTable } from "./AppTable";
import { type AppSort, type AppsSearch, appsSearch } from "./address";
import { Blank } from "./Blank";
import { CategoryChips } from "./CategoryChips";
import { arranged, categoriesOf, unlabelledOf } from "./shown";
import { tableOf } from "./table";

/** As many rows as are drawn until all are asked for. */
const FIRST_ROWS = 100;

const MEASURE_CHOICES = MEASURES.map((value) => ({
  value,
  label: appStrings.measures[value],
  hint: appStrings.measureHints[value],
}));

export function Apps() {
  const known = useSession((session) => session.status !== null);
  const seen = useSession((session) => (session.totals?.traffic.packets ?? 0) > 0);
  const topic = useSession((session) => session.apps);
  useTitle(strings.pages.apps);
  return (
    <>
      <h1 className="sr-only">{strings.pages.apps}</h1>
      {known && !seen && <Waiting />}
      {known && seen && topic !== null && <Numbers topic={topic} />}
      {(!known || (seen && topic === null)) && <Skeleton />}
    </>
  );
}

function Numbers({ topic }: { topic: AppsTopic }) {
  const search = useSearch({ from: "/apps", select: readSearch, structuralSharing: true });
  const change = useChange("/apps", appsSearch);
  const navigate = useNavigate();
  const live = useSession(({ status }) => status?.source?.kind !== "file");
  const allBytes = useSession(({ totals }) => totals?.traffic.bytes ?? 0);
  const rules = useSession((session) => session.rules);
  const paused = useSession(({ pausedAtPackets }) => pausedAtPackets !== null);
  const [all, setAll] = useState(false);
  const [labelling, setLabelling] = useState(false);
  const measure: Measure = live ? (search.by ?? "session") : "session";
  const { filter = "", category = null, sort = "share", rising = false } = search;
  const rows = useMemo(
    () => arranged(topic.apps, { filter, category, sort, rising, measure }),
    [topic, filter, category, sort, rising, measure],
  );
  const whole = wholeOf(topic, measure, allBytes);
  const table = useMemo(() => tableOf(topic, whole, measure), [topic, whole, measure]);
  const typeFilter = useCallback((text: string) => change({ filter: text }, "replace"), [change]);
  const open = useCallback((app: string) => void navigate({ to: "/flows", search: { app } }), [navigate]);
  const sortBy = (by: AppSort) => {
    // Of numbers the large ones are of interest first, of words the first ones.
    const next = by === sort ? !rising : by === "app" || by === "category";
    change({ sort: by === "share" ? undefined : by, rising: next ? true : undefined });
  };
  const filtered = filter !== "" || category !== null;
  const { unlabelled } = topic;
  const shown = all ? rows : rows.slice(0, FIRST_ROWS);
  const rest = !filtered && unlabelled.packets > 0 ? unlabelledOf(topic) : null;
  return (
    <div className="flex flex-col gap-3">
      <Toolbar filter={filter} onFilter={typeFilter} words={appStrings}>
        {live && (
          <Choice
            label={appStrings.shareOf}
            choices={MEASURE_CHOICES}
            chosen={measure}
            onChoose={(by) => change({ by: by === "now" ? by : undefined })}
          />
        )}
        <button type="button" className="button" onClick={() => setLabelling(true)}>
          <Tags size={14} aria-hidden="true" />
          {ruleStrings.manage}
          {rules.length > 0 && <span className="text-fg-3">{count(rules.length)}</span>}
        </button>
        {paused && JSON.stringify(rules) !== JSON.stringify(topic.rules) && (
          <p className="text-fg-2">{ruleStrings.afterResume}</p>
        )}
      </Toolbar>
      <Panel
        title={appStrings.title}
        meta={appStrings.seen(count(topic.apps.length + topic.omitted))}
        table={table}
      >
        <CategoryChips
          sums={categoriesOf(topic.apps, measure)}
          whole={whole}
          chosen={category}
          onChoose={(wanted) => change({ category: wanted ?? undefined })}
        />
        <AppTable
          rows={shown}
          unlabelled={rest}
          measure={measure}
          whole={whole}
          live={live}
          sort={sort}
          rising={rising}
          onSort={sortBy}
          onOpen={open}
        />
        {rows.length === 0 && (
          <Blank
            filtered={filtered}
            flows={unlabelled.flows}
            onClear={() => change({ filter: undefined, category: undefined })}
            onRules={() => setLabelling(true)}
          />
        )}
        <footer className="mt-auto flex flex-col items-start gap-1 px-3 pb-3 text-fg-3 text-meta">
          {shown.length < rows.length && (
            <button type="button" className="button" onClick={() => setAll(true)}>
              {appStrings.showAll(count(rows.length))}
            </button>
          )}
          {topic.omitted > 0 && <p>{appStrings.omitted(count(topic.omitted))}</p>}
          {rest !== null && <p>{appStrings.unlabelledHint(byteCountText(rest.bytes))}</p>}
        </footer>
      </Panel>
      {labelling && <RulesDialog onClose={() => setLabelling(false)} />}
    </div>
  );
}

function Skeleton() {
  return (
    <div className="flex flex-col gap-3" aria-hidden="true">
      <div className="skeleton h-8" />
      <div className="skeleton h-96" />
    </div>
  );
}

/** The router hands on what the address holds, also what was left out at its door. */
function readSearch(search: AppsSearch): AppsSearch {
  return appsSearch({ ...search });
}
