import { expect, it } from "vitest";
import type { AppRule } from "../../../generated/AppRule";
import { configurationLines, suggestionsOf, withRule } from "./rules";

function rule(app: string, match: string, category: string | null = null): AppRule {
  return { app, match, category };
}

it("a_new_rule_stands_before_all_others_and_one_for_the_same_thing_replaces_it", () => {
  const rules = [rule("A", "a.example"), rule("B", "tcp/8080")];
  expect(withRule(rules, rule("C", "c.example"))).toEqual([rule("C", "c.example"), ...rules]);
  expect(withRule(rules, rule("D", "tcp/8080"))).toEqual([rules[0], rule("D", "tcp/8080")]);
});

it("a_flow_suggests_its_name_its_server_and_its_port", () => {
  const flow = {
    hostname: "cam.example.org",
    server: "192.0.2.7",
    server_port: 8_080,
    transport: "TCP",
  };
  expect(suggestionsOf(flow).map(({ match }) => match)).toEqual(["cam.example.org", "192.0.2.7", "tcp/8080"]);
  // Without a name or ports only its server is left.
  const bare = { ...flow, hostname: null, server_port: null, transport: "ICMP" };
  expect(suggestionsOf(bare)).toEqual([{ by: "address", match: "192.0.2.7" }]);
  // What a stranger wrote that is no domain would be refused as a rule.
  const strange = String.raw`<b>\226\128\174.example`;
  expect(suggestionsOf({ ...bare, hostname: strange })).toEqual(suggestionsOf(bare));
});

it("lines_for_the_configuration_file_hold_any_name", () => {
  const lines = configurationLines([rule('The "Lab"\n', "lab.example", "Work"), rule("B\u007f", "udp/5004")]);
  expect(lines).toBe(
    [
      "[[rules]]",
      String.raw`app = "The \"Lab\"\n"`,
      'match = "lab.example"',
      'category = "Work"',
      "",
      "[[rules]]",
      String.raw`app = "B\u007f"`,
      'match = "udp/5004"',
    ].join("\n"),
  );
});
