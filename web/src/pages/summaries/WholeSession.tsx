/** What is to be said of a session that has ended: its paragraph, and its nine parts. */

import { Link } from "@tanstack/react-router";
import { Boundary } from "../../components/Boundary";
import type { ReportPart } from "../../generated/ReportPart";
import type { SessionReport } from "../../generated/SessionReport";
import { saidStrings } from "../../lib/said-strings";
import { plainText } from "./plain-text";
import { Said } from "./Said";

const { summaries: words } = saidStrings;

export function WholeSession({ report }: { report: SessionReport }) {
  return (
    <section aria-label={words.report} className="panel px-3 py-2.5">
      <Boundary>
        <Said
          said={report}
          text={report.summary}
          title={<h2 className="font-semibold text-heading">{words.report}</h2>}
          copy={() => plainText({ ...report, text: report.summary }, null)}
        >
          <Link
            to="/report"
            className="mt-1 inline-flex min-h-6 items-center font-medium text-accent hover:underline"
          >
            {words.openReport}
          </Link>
        </Said>
        <h3 className="mt-2 border-line border-t pt-2 font-semibold text-fg-2">{words.parts}</h3>
        <ul className="mt-1.5 columns-[340px] gap-2">
          {report.breakdown.map((part) => (
            <li
              key={part.name}
              className="mb-2 min-w-0 break-inside-avoid rounded-md border border-line bg-bg p-2.5"
            >
              <Part part={part} />
            </li>
          ))}
        </ul>
      </Boundary>
    </section>
  );
}

function Part({ part: { name, key_metrics, observations } }: { part: ReportPart }) {
  return (
    <>
      <h4 className="font-semibold">{name}</h4>
      {key_metrics.length > 0 && (
        <dl className="mt-1 text-table">
          {key_metrics.map(({ key, value }) => (
            <div key={key} className="flex min-h-5 items-baseline gap-3">
              <dt className="text-fg-3">{key}</dt>
              <dd className="wrap-anywhere ml-auto text-right">{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <p className="wrap-anywhere mt-1 text-fg-2">{observations}</p>
    </>
  );
}
