/** The door for applications. */

import type { AppRow } from "../generated/AppRow";
import type { AppRule } from "../generated/AppRule";
import type { AppsTopic } from "../generated/AppsTopic";
import type { EvidenceKind } from "../generated/EvidenceKind";
import type { EvidenceLink } from "../generated/EvidenceLink";
import type { EvidenceVerdict } from "../generated/EvidenceVerdict";
import type { FlowTls } from "../generated/FlowTls";
import type { ToldBy } from "../generated/ToldBy";
import type { Unlabelled } from "../generated/Unlabelled";
import { fields, flag, listOf, nullable, number, oneOf, type Shape, text } from "../lib/shape";

const evidenceKind: Shape<EvidenceKind> = oneOf(
  "rule",
  "tls_sni",
  "quic_sni",
  "http_host",
  "dns",
  "signature",
  "address_range",
  "port",
  "none",
);

const evidenceVerdict: Shape<EvidenceVerdict> = oneOf(
  "decides",
  "agrees",
  "overruled",
  "only_carrier",
  "not_in_catalogue",
);

/** The fields that tell an evidence, alone or with what it is worth. */
export const evidence = { kind: evidenceKind, value: nullable(text), learned_at: nullable(text) };

export const evidenceLink = fields<EvidenceLink>({
  ...evidence,
  app: nullable(text),
  rule: nullable(text),
  verdict: evidenceVerdict,
});

export const flowTls = fields<FlowTls>({
  version: nullable(text),
  cipher: nullable(text),
  resumed: nullable(flag),
  handshake_ms: nullable(number),
  alpn: listOf(text),
  groups: listOf(text),
  encrypted_hello: flag,
  ja3: nullable(text),
  ja4: nullable(text),
});

const appRow = fields<AppRow>({
  app: text,
  category: text,
  flows: number,
  packets: number,
  bytes: number,
  bytes_up: number,
  bytes_down: number,
  active_flows: number,
  bps: nullable(number),
  recent_bps: listOf(number),
  told_by: listOf(fields<ToldBy>({ kind: evidenceKind, flows: number })),
});

export const appsTopic = fields<AppsTopic>({
  apps: listOf(appRow),
  omitted: number,
  unlabelled: fields<Unlabelled>({ flows: number, packets: number, bytes: number }),
  unlabelled_bytes_up: number,
  unlabelled_bytes_down: number,
  unlabelled_active_flows: number,
  unlabelled_bps: nullable(number),
  unlabelled_recent_bps: listOf(number),
  rules: listOf(fields<AppRule>({ app: text, match: text, category: nullable(text) })),
});
