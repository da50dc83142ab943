/** The user's rules: what a new one does to those there are, and how they are written in the configuration file. */

import type { AppRule } from "../../../generated/AppRule";
import type { FlowListed } from "../../../generated/FlowListed";

/** Tells whether two are one: a rule has no name of its own. */
export function isSame(a: AppRule, b: AppRule): boolean {
  return a.app === b.app && a.match === b.match;
}

/**
 * `rule` in the place of `instead`, or else before all others, because the first that fits counts.
 *
 * One for the same thing is replaced where it stands.
 */
export function withRule(
  rules: readonly AppRule[],
  rule: AppRule,
  instead: AppRule | null = null,
): readonly AppRule[] {
  const place = instead === null ? -1 : rules.findIndex((other) => isSame(other, instead));
  if (place >= 0) {
    return rules.with(place, rule).filter((other, at) => at === place || other.match !== rule.match);
  }
  const same = rules.findIndex(({ match }) => match === rule.match);
  return same < 0 ? [rule, ...rules] : rules.with(same, rule);
}

/** `rule` one place up (-1) or down (1). */
export function withMoved(rules: readonly AppRule[], rule: AppRule, by: -1 | 1): readonly AppRule[] {
  const from = rules.findIndex((other) => isSame(other, rule));
  const moved = rules[from];
  const other = rules[from + by];
  return moved === undefined || other === undefined ? rules : rules.with(from, other).with(from + by, moved);
}

/** What is pasted as an address of the web is its domain: without scheme, port, path and a leading `*.`. */
export function tidyMatch(text: string): string {
  const bare = text.trim().replace(/^[a-z][a-z0-9+.-]*:\/\//i, "");
  const isPasted = bare !== text.trim();
  const [host = "", path] = bare.split("/", 2);
  const name = host.replace(/^\*\./, "");
  // A range and a port have a stroke too: only a name with a dot and letters at its end has a path.
  const isDomain = /\.[a-z][a-z0-9-]*\.?(:\d+)?$/i.test(name);
  if (!isDomain && !isPasted) return path === undefined ? name : bare;
  return name.includes("[") || name.split(":").length > 2
    ? name.replace(/^\[(.*)\].*$/, "$1")
    : name.replace(/:\d*$/, "");
}

/** A refusal tells which of the rules by a number that is nowhere on the screen. */
export function withoutNumber(reason: string): string {
  return reason.replace(/^rule \d+: /, "");
}

/** What of a flow a rule can be made from. */
export interface Suggestion {
  by: "name" | "address" | "port";
  match: string;
}

export type Ends = Pick<FlowListed, "hostname" | "server" | "server_port" | "transport">;

/** What a name may be of to be a domain: strangers write others too, which fit no rule. */
const DOMAIN = /^[a-z0-9._-]+$/i;

/** What a rule could fit of a flow, the most telling first. */
export function suggestionsOf({ hostname, server, server_port, transport }: Ends): readonly Suggestion[] {
  const found: Suggestion[] = [];
  if (hostname !== null && DOMAIN.test(hostname)) found.push({ by: "name", match: hostname });
  found.push({ by: "address", match: server });
  const carrier = transport.toLowerCase();
  if (server_port !== null && (carrier === "tcp" || carrier === "udp")) {
    found.push({ by: "port", match: `${carrier}/${server_port}` });
  }
  return found;
}

/** The rules as lines of the configuration file (TOML 1.0). */
export function configurationLines(rules: readonly AppRule[]): string {
  return rules
    .map(({ app, match, category }) => {
      const lines = ["[[rules]]", `app = ${tomlText(app)}`, `match = ${tomlText(match)}`];
      if (category !== null) lines.push(`category = ${tomlText(category)}`);
      return lines.join("\n");
    })
    .join("\n\n");
}

/** A basic string of TOML is one of JSON, but for the delete character, which it holds only escaped. */
function tomlText(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}
