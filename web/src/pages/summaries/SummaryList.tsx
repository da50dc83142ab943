/** The summaries, the newest first. */

import type { Summary } from "../../generated/Summary";
import { dateAndUtc } from "../../lib/format";
import { spanText } from "../parts/words/spans";
import { plainText } from "./plain-text";
import { Said } from "./Said";

export function SummaryList({ label, list }: { label: string; list: readonly Summary[] }) {
  return (
    <ol aria-label={label} className="flex min-w-0 flex-col gap-2">
      {list.map((summary) => (
        <li key={summary.id}>
          <SummaryCard summary={summary} />
        </li>
      ))}
    </ol>
  );
}

function SummaryCard({ summary }: { summary: Summary }) {
  const { span, at } = summary;
  const title = (
    <h2 className="font-semibold text-fg-2 tabular-nums">
      <time dateTime={at} title={dateAndUtc(Date.parse(at))}>
        {spanText(span)}
      </time>
    </h2>
  );
  return (
    <article className="panel px-3 py-2.5">
      <Said said={summary} text={summary.text} title={title} copy={() => plainText(summary, span)} />
    </article>
  );
}
