/** The door for what is said in words: facts, findings, summaries and reports. */

import type { Assistant } from "../generated/Assistant";
import type { AssistantPreview } from "../generated/AssistantPreview";
import type { Author } from "../generated/Author";
import type { Change } from "../generated/Change";
import type { EvidenceItem } from "../generated/EvidenceItem";
import type { Fact } from "../generated/Fact";
import type { FactValue } from "../generated/FactValue";
import type { Finding } from "../generated/Finding";
import type { Findings } from "../generated/Findings";
import type { KeyMetric } from "../generated/KeyMetric";
import type { Piece } from "../generated/Piece";
import type { ReportPart } from "../generated/ReportPart";
import type { Sentence } from "../generated/Sentence";
import type { SessionReport } from "../generated/SessionReport";
import type { Severity } from "../generated/Severity";
import type { Span } from "../generated/Span";
import type { Subject } from "../generated/Subject";
import type { Summaries } from "../generated/Summaries";
import type { Summary } from "../generated/Summary";
import { fields, flag, isRecord, listOf, nullable, number, oneOf, type Shape, text } from "../lib/shape";

/** One word, or an object whose one key is another; a word or key this page does not know is let through. */
function tagged<T>(shapes: Readonly<Record<string, Shape<unknown>>>): Shape<T> {
  return (value, at) => {
    if (typeof value === "string") return null;
    if (!isRecord(value)) return `${at} is neither a word nor an object`;
    for (const [key, shape] of Object.entries(shapes)) {
      if (key in value) return shape(value[key], `${at}.${key}`);
    }
    return null;
  };
}

const subject = tagged<Subject>({
  protocol: text,
  app: text,
  host: text,
  pair: listOf(text),
  service: fields<{ address: string; port: number | null }>({ address: text, port: nullable(number) }),
  flow: number,
  stream: number,
  call: number,
});

const author = tagged<Author>({ model: text });

const factValue = tagged<FactValue>({
  number: fields<{ value: number; unit: string }>({ value: number, unit: text }),
  text,
  comparison: fields<{ of: number; with: number; relation: string }>({
    of: number,
    with: number,
    relation: text,
  }),
});

const span = fields<Span>({ from_ms: nullable(number), to_ms: nullable(number) });

const fact = fields<Fact>({
  id: number,
  label: text,
  subject,
  value: factValue,
  text,
  span,
  method: text,
  see: text,
});

const piece = fields<Piece>({ text, fact: nullable(number) });
const sentence = fields<Sentence>({ pieces: listOf(piece), author });
const severity: Shape<Severity> = oneOf("info", "warning", "critical");

const evidenceItem = fields<EvidenceItem>({
  text,
  flow: nullable(number),
  packet: nullable(number),
  see: text,
});

const finding = fields<Finding>({
  id: number,
  rule: text as Shape<Finding["rule"]>,
  severity,
  title: text,
  subject,
  value: text,
  limit: nullable(text),
  meaning: text,
  advice: text,
  evidence: listOf(evidenceItem),
  facts: listOf(number),
  first_ms: nullable(number),
  last_ms: nullable(number),
  holds: flag,
  see: text,
});

const change = fields<Change>({ at_ms: nullable(number), subject, sentence, see: text });

export const findings = fields<Findings>({
  session: number,
  findings: listOf(finding),
  findings_omitted: number,
  changes: listOf(change),
  facts: listOf(fact),
});

const summary = fields<Summary>({
  id: number,
  at: text,
  duration_s: number,
  span,
  severity,
  text,
  sentences: listOf(sentence),
  facts: listOf(fact),
  author,
  notice: nullable(text),
});

const reportPart = fields<ReportPart>({
  name: text,
  key_metrics: listOf(fields<KeyMetric>({ key: text, value: text })),
  observations: text,
});

const report = fields<SessionReport>({
  summary: text,
  sentences: listOf(sentence),
  severity,
  breakdown: listOf(reportPart),
  findings: listOf(finding),
  facts: listOf(fact),
  author,
  notice: nullable(text),
});

const assistant = fields<Assistant>({
  state: oneOf("off", "waiting", "allowed"),
  provider: nullable(text),
  model: nullable(text),
  host: nullable(text),
  redacted: flag,
  calls_left: nullable(number),
  problem: nullable(text),
});

export const summaries = fields<Summaries>({
  session: number,
  periodic: listOf(summary),
  report: nullable(report),
  assistant,
});

/** What would be sent to a model. */
export const assistantPreview = fields<AssistantPreview>({ assistant, instructions: text, facts: text });
