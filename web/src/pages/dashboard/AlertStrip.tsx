/** Above the numbers, only where something is wrong: the worst of it, each line a way to the finding. */

import { Link } from "@tanstack/react-router";
import { SeverityMark } from "../../components/SeverityMark";
import type { Finding } from "../../generated/Finding";
import { count } from "../../lib/format";
import { wordStrings } from "../../lib/word-strings";
import { useSession } from "../../live/session";
import { useOver } from "../parts/use-over";
import { byGravity } from "../parts/words/gravity";
import { useSubjectText } from "../parts/words/subject";

const { strip: words, severities } = wordStrings;

const SHOWN = 3;

/** What is worth a line here: of a session that runs only what holds, of one that has ended all that was wrong. */
export function alertsOf(findings: readonly Finding[], ended: boolean): readonly Finding[] {
  return byGravity(findings.filter(({ holds, severity }) => (holds || ended) && severity !== "info"));
}

export function AlertStrip() {
  const findings = useSession((session) => session.findings?.findings ?? null);
  const ended = useOver();
  const alerts = findings === null ? [] : alertsOf(findings, ended);
  if (alerts.length === 0) return null;
  const critical = alerts[0]?.severity === "critical";
  return (
    <section
      aria-label={words.label}
      className={`panel flex flex-wrap items-end gap-x-3 px-3 py-1 ${critical ? "border-crit/50!" : "border-warn/50!"}`}
    >
      <ul className="min-w-0 flex-1">
        {alerts.slice(0, SHOWN).map((alert) => (
          <li key={alert.id}>
            <Line alert={alert} />
          </li>
        ))}
      </ul>
      {alerts.length > SHOWN && (
        <Link to="/findings" className="flex min-h-6 items-center text-accent hover:underline">
          {words.more(count(alerts.length - SHOWN))}
        </Link>
      )}
    </section>
  );
}

function Line({ alert: { id, severity, title, subject, value, limit } }: { alert: Finding }) {
  const subjectText = useSubjectText();
  return (
    <Link
      to="/findings"
      search={{ sel: id }}
      className="flex min-h-6 flex-wrap items-center gap-x-3 rounded hover:underline"
    >
      <SeverityMark severity={severity} word={severities[severity]} />
      <bdi className="wrap-anywhere font-medium">{title}</bdi>
      {subject !== "session" && <bdi className="wrap-anywhere text-fg-2">{subjectText(subject)}</bdi>}
      <span className="text-fg-3">{limit === null ? value : words.limit(value, limit)}</span>
    </Link>
  );
}
