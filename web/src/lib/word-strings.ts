/** The words around facts and findings, where the dashboard shows them too. Numbers come formatted. */

import type { Severity } from "../generated/Severity";

const SEVERITIES: Record<Severity, string> = { info: "Note", warning: "Warning", critical: "Critical" };

export const wordStrings = {
  severities: SEVERITIES,

  fact: {
    go: (label: string, text: string) => `${label}: ${text}`,
    measured: (method: string) => `How: ${method}`,
    when: (span: string) => `When: ${span}`,
    standsOn: (n: string) => (n === "1" ? "Stands on 1 fact" : `Stands on ${n} facts`),
  },

  subject: {
    session: "The whole session",
    flow: (id: string) => `Flow ${id}`,
    stream: (id: string) => `Stream ${id}`,
    call: (id: string) => `Call ${id}`,
    pair: (source: string, destination: string) => `${source} → ${destination}`,
    unknown: "–",
  },

  strip: {
    label: "What is wrong",
    more: (n: string) => `${n} more`,
    limit: (value: string, limit: string) => `${value}, limit ${limit}`,
  },

  changes: {
    title: "What changed",
    none: "Nothing has changed so far.",
    noneHint: "The newest half minute is compared with the time before.",
    time: "Time",
    what: "What",
    show: "Show where",
    all: "All findings",
  },
} as const;
