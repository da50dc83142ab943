/** Summaries as text, for a ticket or a message. */

import type { Author } from "../../generated/Author";
import type { Sentence } from "../../generated/Sentence";
import type { Severity } from "../../generated/Severity";
import type { Span } from "../../generated/Span";
import { saidStrings } from "../../lib/said-strings";
import { wordStrings } from "../../lib/word-strings";
import { authorText } from "../parts/words/SourceTag";
import { spanText } from "../parts/words/spans";

interface Said {
  severity: Severity;
  sentences: readonly Sentence[];
  author: Author;
}

/** Time and severity, the sentences, and who worded them. */
export function plainText({ severity, sentences, author }: Said, span: Span | null): string {
  const when = span === null ? saidStrings.summaries.report : spanText(span);
  const words = sentences.map(({ pieces }) => pieces.map(({ text }) => text).join("")).join(" ");
  return `${when} · ${wordStrings.severities[severity]}\n${words}\n(${authorText(author)})\n`;
}
