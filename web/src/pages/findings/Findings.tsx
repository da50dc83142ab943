/** What is wrong or worth knowing, and what shows it. */

import { useSearch } from "@tanstack/react-router";
import { useCallback, useRef } from "react";
import { Boundary } from "../../components/Boundary";
import { Choice } from "../../components/Choice";
import { Split } from "../../components/Split";
import { useSize } from "../../components/size";
import type { Findings as FindingsTopic } from "../../generated/Findings";
import { count } from "../../lib/format";
import { saidStrings } from "../../lib/said-strings";
import { strings } from "../../lib/strings";
import { useAnotherSession } from "../../live/another-session";
import { useSession } from "../../live/session";
import { useTitle } from "../../live/title";
import { useChange } from "../parts/use-change";
import { useEscape } from "../parts/use-escape";
import { useOver } from "../parts/use-over";
import { findingsSearch, shownOf } from "./address";
import { FindingSheet } from "./FindingSheet";
import { FindingTable, findingRowId } from "./FindingTable";
import { NoFindings } from "./NoFindings";

const { findings: words } = saidStrings;

/** From here on there is room for list and sheet beside each other. */
const BESIDE_PX = 860;

export function Findings() {
  const known = useSession((session) => session.status !== null);
  const topic = useSession((session) => session.findings);
  const change = useChange("/findings", findingsSearch);
  useAnotherSession(useCallback(() => change({ sel: undefined }, "replace"), [change]));
  useTitle(strings.pages.findings);
  return (
    <div className="flex h-full min-h-80 flex-col">
      <h1 className="sr-only">{strings.pages.findings}</h1>
      {known && topic !== null ? (
        <Boundary>
          <List topic={topic} />
        </Boundary>
      ) : (
        <div className="skeleton h-full" aria-hidden="true" />
      )}
    </div>
  );
}

function List({ topic }: { topic: FindingsTopic }) {
  const search = useSearch({ from: "/findings", select: findingsSearch, structuralSharing: true });
  const change = useChange("/findings", findingsSearch);
  const watched = useSession(({ status }) => (status?.session ?? 0) > 0);
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const selected = search.sel ?? null;
  const isOpen = selected !== null;
  // From row to row the sheet stays open: back closes it at once.
  const open = useCallback((sel: number) => change({ sel }, isOpen ? "replace" : "push"), [change, isOpen]);
  const close = useCallback(() => {
    change({ sel: undefined });
    const row = findingRowId(selected ?? 0);
    // Behind a sheet that fills the page nothing can have the focus until it is gone.
    requestAnimationFrame(() => document.getElementById(row)?.focus({ preventScroll: true }));
  }, [change, selected]);
  useEscape(isOpen ? close : null);
  const all = () => change({ all: true });
  const ended = useOver();
  const shown = shownOf(topic.findings, search, ended);
  const over = topic.findings.filter(({ holds }) => !holds).length;
  const pane = (
    <section className="panel flex min-h-0 min-w-0 flex-col overflow-auto" aria-label={words.label}>
      <div className="flex flex-wrap items-center gap-3 px-3 py-2">
        {!ended && (
          <Choice
            label={words.shown}
            chosen={search.all === true ? "all" : "open"}
            onChoose={(shown) => change({ all: shown === "all" ? true : undefined }, "replace")}
            choices={[
              { value: "open", label: words.open, hint: words.openHint },
              { value: "all", label: words.all },
            ]}
          />
        )}
        <span className="text-fg-3">
          {saidStrings.summaries.of(count(shown.length), count(topic.findings.length))}
        </span>
      </div>
      {shown.length === 0 ? (
        <NoFindings watched={watched} ended={ended} over={over} onAll={all} />
      ) : (
        <FindingTable list={shown} selected={selected} onOpen={open} />
      )}
      {topic.findings_omitted > 0 && (
        <p className="px-3 pb-2 text-fg-3 text-meta">{words.omitted(count(topic.findings_omitted))}</p>
      )}
    </section>
  );
  const sheet = selected === null ? null : <FindingSheet id={selected} topic={topic} onClose={close} />;
  const beside = width === 0 || width >= BESIDE_PX;
  return (
    <div ref={frame} className="relative min-h-0 flex-1">
      <Split
        name="pane.finding"
        label={words.width}
        initial={0.42}
        first={pane}
        second={beside ? sheet : null}
        className={`h-full ${!beside && isOpen ? "invisible" : ""}`}
      />
      {/* Without room for both the sheet lies over the list, which keeps its place. */}
      {!beside && sheet !== null && <div className="absolute inset-0 grid">{sheet}</div>}
    </div>
  );
}
