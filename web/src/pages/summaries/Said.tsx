/** A few sentences with what belongs to them: how bad it is, who worded it, what it stands on. */

import { ChevronRight } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { CopyButton } from "../../components/CopyButton";
import { SeverityMark } from "../../components/SeverityMark";
import type { SessionReport } from "../../generated/SessionReport";
import type { Summary } from "../../generated/Summary";
import { count } from "../../lib/format";
import { saidStrings } from "../../lib/said-strings";
import { wordStrings } from "../../lib/word-strings";
import { FactChips } from "../parts/words/FactLink";
import { standOn } from "../parts/words/facts";
import { Sentences } from "../parts/words/Sentences";
import { SourceTag } from "../parts/words/SourceTag";

const { summaries: words } = saidStrings;
const { fact, severities } = wordStrings;

interface Props {
  said: Pick<Summary | SessionReport, "severity" | "sentences" | "facts" | "author" | "notice">;
  /** The sentences joined: what there is to say where they come without their pieces. */
  text: string;
  /** What it is of: its heading. */
  title: ReactNode;
  /** The same as text. */
  copy: () => string;
  children?: ReactNode;
}

const PARAGRAPH = "mt-1.5 max-w-[90ch] text-input leading-relaxed";

export function Said({ said, text, title, copy, children }: Props) {
  const { severity, sentences, facts, author, notice } = said;
  const stands = useMemo(() => standOn(sentences, facts), [sentences, facts]);
  return (
    <>
      <header className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
        {title}
        <SeverityMark severity={severity} word={severities[severity]} />
        <span className="ml-auto flex min-w-0 items-center gap-2">
          <SourceTag author={author} />
          <CopyButton text={copy} label={words.copy} compact className="h-6! px-1.5!" />
        </span>
      </header>
      {sentences.length > 0 ? (
        <Sentences sentences={sentences} facts={facts} className={PARAGRAPH} />
      ) : (
        <p className={`wrap-anywhere ${PARAGRAPH}`}>{text}</p>
      )}
      {notice !== null && <p className="wrap-anywhere mt-1 text-fg-3">{notice}</p>}
      {stands.length > 0 && (
        <details className="group/stands mt-1 text-fg-3">
          <summary className="inline-flex min-h-6 cursor-pointer list-none items-center gap-1 rounded text-meta hover:text-fg-2 [&::-webkit-details-marker]:hidden">
            <ChevronRight size={12} aria-hidden="true" className="group-open/stands:rotate-90" />
            {fact.standsOn(count(stands.length))}
          </summary>
          <div className="pt-1 pb-0.5">
            <FactChips facts={stands} />
          </div>
        </details>
      )}
      {children}
    </>
  );
}
