/** The user's rules: what a new one does to those there are, and how they are written in the configuration file. */

import type { AppRule } from "../../../generated/AppRule";
import type { FlowListed } from "../../../generated/FlowListed";

/** `rule` before all others, because the first that fits counts; one for the same thing is replaced where it stands. */
export function withRule(rules: readonly AppRule[], rule: AppRule): readonly AppRule[] {
  const same = rules.findIndex(({ match }) => match === rule.match);
  return same < 0 ? [rule, ...rules] : rules.with(same, rule);
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
