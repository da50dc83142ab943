/** Small, valid findings, summaries and reports for the tests of this folder and of the pages. */

import type { Assistant } from "../generated/Assistant";
import type { Fact } from "../generated/Fact";
import type { Finding } from "../generated/Finding";
import type { Findings } from "../generated/Findings";
import type { Sentence } from "../generated/Sentence";
import type { SessionReport } from "../generated/SessionReport";
import type { Summaries } from "../generated/Summaries";
import type { Summary } from "../generated/Summary";

const FROM_MS = Date.UTC(2026, 10, 20, 14, 2);

export function fact(id: number, parts: Partial<Fact> = {}): Fact {
  return {
    id,
    label: "TCP loss",
    subject: { protocol: "TCP" },
    value: { number: { value: 3.2, unit: "percent" } },
    text: "3.2 %",
    span: { from_ms: FROM_MS, to_ms: FROM_MS + 60_000 },
    method: "segments sent again, in those with payload",
    see: "/protocols?protocols=TCP",
    ...parts,
  };
}

/** Words, and numbers for the facts that they name. */
export function sentence(...pieces: readonly (string | [text: string, fact: number])[]): Sentence {
  return {
    pieces: pieces.map((piece) =>
      typeof piece === "string" ? { text: piece, fact: null } : { text: piece[0], fact: piece[1] },
    ),
    author: "rules",
  };
}

export function summary(id: number, parts: Partial<Summary> = {}): Summary {
  const sentences = [sentence("TCP sent ", ["3.2 %", 1], " of its segments again.")];
  return {
    id,
    at: new Date(FROM_MS + id * 60_000).toISOString(),
    duration_s: id * 60,
    span: { from_ms: FROM_MS + (id - 1) * 60_000, to_ms: FROM_MS + id * 60_000 },
    severity: "info",
    text: "TCP sent 3.2 % of its segments again.",
    sentences,
    facts: [fact(1)],
    author: "rules",
    notice: null,
    ...parts,
  };
}

export function sessionReport(parts: Partial<SessionReport> = {}): SessionReport {
  return {
    summary: "The session lasted 3 min.",
    sentences: [sentence("The session lasted 3 min.")],
    severity: "info",
    breakdown: [
      { name: "TCP", key_metrics: [{ key: "TCP loss", value: "3.2 %" }], observations: "TCP did well." },
      { name: "IGMP", key_metrics: [], observations: "There was no IGMP." },
    ],
    findings: [],
    facts: [],
    author: "rules",
    notice: null,
    ...parts,
  };
}

export function assistant(parts: Partial<Assistant> = {}): Assistant {
  return {
    state: "off",
    provider: null,
    model: null,
    host: null,
    redacted: false,
    calls_left: null,
    problem: null,
    ...parts,
  };
}

export function summaries(parts: Partial<Summaries> = {}): Summaries {
  return { session: 1, periodic: [], report: null, assistant: assistant(), ...parts };
}

export function finding(id: number, parts: Partial<Finding> = {}): Finding {
  return {
    id,
    rule: "retransmissions",
    severity: "warning",
    title: "Many retransmissions",
    subject: "session",
    value: "3.2 %",
    limit: "2 %",
    meaning: "Packets are lost on the way.",
    advice: "Look at the connections that lose most.",
    evidence: [{ text: "10.0.0.1 → 10.0.0.2", flow: 7, packet: 12, see: "/flows?sel=7" }],
    facts: [1],
    first_ms: FROM_MS,
    last_ms: FROM_MS + 30_000,
    holds: true,
    see: "/protocols?protocols=TCP",
    ...parts,
  };
}

export function findings(list: Finding[], parts: Partial<Findings> = {}): Findings {
  return { session: 1, findings: list, findings_omitted: 0, changes: [], facts: [fact(1)], ...parts };
}
