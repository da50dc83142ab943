/** Summaries as text, for a ticket or a message. */

import type { Author } from "../../generated/Author";
import type { Severity } from "../../generated/Severity";
import type { Span } from "../../generated/Span";
import { saidStrings } from "../../lib/said-strings";
import { wordStrings } from "../../lib/word-strings";
import { authorText } from "../parts/words/SourceTag";
import { spanText } from "../parts/words/spans";

interface Said {
  severity: Severity;
  /** The sentences, joined. */
  text: string;
  author: Author;
}

/** Time and severity, the sentences, and who worded them. */
export function plainText({ severity, text, author }: Said, span: Span | null): string {
  const when = span === null ? saidStrings.summaries.report : spanText(span);
  return `${when} · ${wordStrings.severities[severity]}\n${text}\n(${authorText(author)})\n`;
}
