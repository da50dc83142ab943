/** What happened, in words: the newest first, each number a way to where it can be checked. */

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { DemoButton } from "../../capture/DemoButton";
import { OpenCapture } from "../../capture/OpenCapture";
import { Boundary } from "../../components/Boundary";
import { Choice } from "../../components/Choice";
import type { Status } from "../../generated/Status";
import type { Summaries as SummariesTopic } from "../../generated/Summaries";
import { count } from "../../lib/format";
import { saidStrings } from "../../lib/said-strings";
import { strings } from "../../lib/strings";
import { wordStrings } from "../../lib/word-strings";
import { useSession } from "../../live/session";
import { useTitle } from "../../live/title";
import { markSeen, sessionName } from "../../live/unread";
import { AssistantPanel } from "./AssistantPanel";
import { shownOf, summariesSearch } from "./address";
import { useOlder } from "./older";
import { SummaryList } from "./SummaryList";
import { WholeSession } from "./WholeSession";

const { summaries: words } = saidStrings;
const { severities } = wordStrings;

/** How far apart summaries are, in seconds of the session. */
const EVERY_S = 60;

export function Summaries() {
  const status = useSession((session) => session.status);
  const topic = useSession((session) => session.summaries);
  useTitle(strings.pages.summaries);
  useSeenHere(status, topic);
  return (
    <>
      <h1 className="sr-only">{strings.pages.summaries}</h1>
      {status === null || topic === null ? (
        <Skeleton />
      ) : (
        <div className="grid grid-cols-1 items-start gap-3 xl:grid-cols-[minmax(0,1fr)_300px]">
          <div className="xl:order-last">
            <AssistantPanel assistant={topic.assistant} />
          </div>
          <Boundary>
            <Words key={topic.session} status={status} topic={topic} />
          </Boundary>
        </div>
      )}
    </>
  );
}

/** Whoever has the page in front sees what comes. */
function useSeenHere(status: Status | null, topic: SummariesTopic | null): void {
  useEffect(() => {
    if (status === null || topic === null) return;
    const see = () => !document.hidden && markSeen(topic, sessionName(status));
    see();
    document.addEventListener("visibilitychange", see);
    return () => document.removeEventListener("visibilitychange", see);
  }, [status, topic]);
}

function Words({ status, topic }: { status: Status; topic: SummariesTopic }) {
  const search = useSearch({ from: "/summaries", select: summariesSearch, structuralSharing: true });
  const navigate = useNavigate();
  const older = useOlder(topic.session, topic.periodic);
  const shown = shownOf(older.list, search);
  const choose = (severity: string) =>
    void navigate({ to: "/summaries", search: summariesSearch({ severity }), replace: true });
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {topic.report !== null && <WholeSession report={topic.report} />}
      {topic.report === null && status.summarizing && (
        <p role="status" className="panel px-3 py-2.5 text-fg-2">
          {words.writing}
        </p>
      )}
      {older.list.length === 0 ? (
        <None status={status} report={topic.report !== null} />
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-3">
            <Choice
              label={words.severity}
              chosen={search.severity ?? "all"}
              onChoose={choose}
              choices={CHOICES}
            />
            <span className="text-fg-3">{words.of(count(shown.length), count(older.list.length))}</span>
          </div>
          {shown.length === 0 ? (
            <div className="panel p-6 text-center">
              <p className="font-medium">{words.noMatch}</p>
              <button type="button" className="button mt-3" onClick={() => choose("all")}>
                {words.clear}
              </button>
            </div>
          ) : (
            <SummaryList label={words.list} list={shown} />
          )}
          {older.more && (
            <button type="button" className="button self-center" onClick={older.ask}>
              {words.older}
            </button>
          )}
          {older.problem !== null && <p role="alert">{words.olderFailed(older.problem)}</p>}
        </>
      )}
    </div>
  );
}

const CHOICES = [
  { value: "all", label: words.all },
  { value: "warning", label: words.atLeastWarning, hint: words.severityHint.warning },
  { value: "critical", label: severities.critical, hint: words.severityHint.critical },
] as const;

/** Why there is none, and what can be done about it. */
function None({ status: { state, session }, report }: { status: Status; report: boolean }) {
  const over = state === "finished" || state === "failed";
  // The report stands above: what there is to say is said.
  if (over && report) return <p className="px-1 text-fg-3">{words.noneOver}</p>;
  const runs = session > 0 && !over;
  return (
    <section aria-label={words.list} className="panel grid min-h-44 place-items-center p-3 text-center">
      <div>
        <p className="font-medium">{words.none}</p>
        <p className="text-fg-3">{runs ? words.noneRunning(count(EVERY_S)) : words.noneIdle}</p>
        {!runs && (
          <div className="mt-3 flex flex-wrap justify-center gap-2">
            <OpenCapture />
            <DemoButton />
          </div>
        )}
      </div>
    </section>
  );
}

function Skeleton() {
  return (
    <div className="grid gap-3 xl:grid-cols-[minmax(0,1fr)_300px]" aria-hidden="true">
      <div className="flex flex-col gap-2">
        <div className="skeleton h-8 max-w-xs" />
        <div className="skeleton h-28" />
        <div className="skeleton h-28" />
        <div className="skeleton h-28" />
      </div>
      <div className="skeleton h-28" />
    </div>
  );
}
