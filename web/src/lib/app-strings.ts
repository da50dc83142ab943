/** The words for applications and for what they are told by. Pages load them with themselves. Numbers come formatted. */

import type { EvidenceKind } from "../generated/EvidenceKind";
import type { EvidenceVerdict } from "../generated/EvidenceVerdict";

const KINDS: Record<EvidenceKind, string> = {
  rule: "Your rule",
  tls_sni: "TLS name",
  quic_sni: "QUIC name",
  http_host: "HTTP host",
  dns: "DNS answer",
  signature: "Protocol",
  address_range: "Address range",
  port: "Port",
  none: "Nothing",
};

const KIND_HINTS: Record<EvidenceKind, string> = {
  rule: "A rule of yours fits: it wins over all else",
  tls_sni: "The server's name in the client's first TLS or DTLS message",
  quic_sni: "The server's name in the client's first QUIC packets",
  http_host: "The host that an HTTP request asked for",
  dns: "A DNS answer had given this client the server's address",
  signature: "The protocol was recognised by its bytes",
  address_range: "The server's address is in a range that its owner publishes",
  port: "The server's port, where nothing else is known",
  none: "Nothing told it",
};

const VERDICTS: Record<EvidenceVerdict, string> = {
  decides: "Decides",
  agrees: "Agrees",
  overruled: "Overruled",
  only_carrier: "Only the carrier",
  not_in_catalogue: "Not in the catalogue",
};

const VERDICT_HINTS: Record<EvidenceVerdict, string> = {
  decides: "The strongest that names a service: the label is its own",
  agrees: "Something stronger decides, and says the same",
  overruled: "Something stronger decides, and says otherwise",
  only_carrier: "It names a network that carries the services of others",
  not_in_catalogue: "No entry of the catalogue and no rule fits it",
};

export const appStrings = {
  title: "Applications",
  none: "No application yet.",
  noneHint: "Names are learned from the first packets of each conversation.",
  noneOf: (flows: string) =>
    flows === "1"
      ? "The one flow has no name that is known."
      : `None of ${flows} flows has a name that is known.`,
  noneOfHint: "Rules of your own name what you know.",
  filterLabel: "Filter applications",
  filterPlaceholder: "Filter: a part of a name or category",
  clearFilter: "Clear the filter",
  noMatch: "No application fits.",
  clearAll: "Clear all filters",
  seen: (n: string) => (n === "1" ? "1 application" : `${n} applications`),
  omitted: (n: string) =>
    n === "1"
      ? "1 more application with fewer bytes is left out."
      : `${n} more applications with fewer bytes are left out.`,
  showAll: (n: string) => `Show all ${n}`,
  unlabelled: "Not labelled",
  unlabelledHint: (bytes: string) =>
    `${bytes} without a label: no name was on the wire, or nobody knows it; packets without a flow, such as ARP, count too. Look at these flows, and label what you know.`,
  unlabelledSidesHint: "Of its flows: packets without a flow have neither client nor server",
  flowsOf: (app: string) => `Show the flows of ${app}`,
  flowsUnlabelled: "Show the flows without a label",
  pick: (category: string) => `Only ${category}`,
  categories: "Categories",
  partOf: (category: string, kinds: number, part: string) =>
    kinds === 1 ? `${category} ${part}` : `${category}, ${kinds} categories, ${part}`,
  shareOf: "Share of",
  measures: { session: "Session", now: "Now" },
  measureHints: {
    session: "Bytes since the session began",
    now: "Bits per second over the last seconds",
  },
  columns: {
    app: "Application",
    category: "Category",
    share: "Share",
    rate: "Rate",
    recent: "Last 60 s",
    up: "Up",
    down: "Down",
    bytes: "Bytes",
    packets: "Packets",
    flows: "Flows",
    active: "Active flows",
    told: "Told by",
  },
  hints: {
    share: {
      session: "Its part of all bytes on the wire, this session",
      now: "Its part of all bits per second at this moment",
    },
    rate: "Bits per second both ways, over the last seconds",
    bytes: "Bytes on the wire both ways, this session",
    up: "Bytes on the wire from clients to servers",
    down: "Bytes on the wire from servers to clients",
    flows: "All flows, ended ones too; in brackets those with a packet in the last 5 s",
    told: "What told it, and for how many flows",
  },
  active: (n: string) => `${n} active`,
  recentOf: (peak: string) => `Last 60 s, at most ${peak}`,

  kinds: KINDS,
  kindHints: KIND_HINTS,
  verdicts: VERDICTS,
  verdictHints: VERDICT_HINTS,
  told: (kind: EvidenceKind, flows: string) => `${KINDS[kind]} ${flows}`,

  why: {
    title: "Why this label",
    none: "No label: neither a name nor the address nor the port says whose it is.",
    fits: (rule: string) => `fits ${rule}`,
    speaksFor: (app: string) => `says ${app}`,
    before: (length: string) => `learned ${length} before it began`,
    after: (length: string) => `learned ${length} after it began`,
    atOnce: "learned with its first packet",
    label: "Label as…",
  },
  tls: {
    title: "TLS",
    version: "Version",
    cipher: "Cipher suite",
    cipherUnknown: "not seen: the server's answer is missing",
    alpn: "Offers (ALPN)",
    groups: "Key exchange",
    hidden: "Encrypted hello",
    hiddenYes: "yes: the name above may be that of a front",
    hiddenNo: "no",
    ja3: "JA3",
    ja4: "JA4",
    copy: (what: string) => `Copy ${what}`,
    ja3Hint: "A hash of what the client offers: programs of one build have the same",
    ja4Hint: "What the client offers, sorted and hashed: it stays the same where the order is random",
  },
} as const;
