import { expect, it } from "vitest";
import type { AppRule } from "../../../generated/AppRule";
import { configurationLines, suggestionsOf, tidyMatch, withMoved, withoutNumber, withRule } from "./rules";

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

it("a_rule_that_is_changed_keeps_its_place_and_takes_the_place_of_one_for_the_same_thing", () => {
  const rules = [rule("A", "a.example"), rule("B", "b.example"), rule("C", "c.example")];
  const next = rule("B2", "c.example");
  expect(withRule(rules, next, rule("B", "b.example"))).toEqual([rules[0], next]);
});

it("a_rule_moves_by_one_and_stays_at_the_ends", () => {
  const [a, b] = [rule("A", "a.example"), rule("B", "b.example")];
  expect(withMoved([a, b], b, -1)).toEqual([b, a]);
  expect(withMoved([a, b], a, 1)).toEqual([b, a]);
  expect(withMoved([a, b], a, -1)).toEqual([a, b]);
  expect(withMoved([a, b], b, 1)).toEqual([a, b]);
});

it("what_is_pasted_from_a_browser_becomes_its_domain", () => {
  for (const [typed, sent] of [
    [" https://www.cam.example/live?x=1 ", "www.cam.example"],
    ["http://cam.example:8080", "cam.example"],
    ["cam.example/live", "cam.example"],
    ["*.cam.example", "cam.example"],
    ["nas", "nas"],
    ["192.0.2.0/24", "192.0.2.0/24"],
    ["https://192.0.2.7/x", "192.0.2.7"],
    ["https://[2001:db8::1]:443/x", "2001:db8::1"],
    ["2001:db8::/32", "2001:db8::/32"],
    ["tcp/8080", "tcp/8080"],
  ] as const) {
    expect(tidyMatch(typed)).toBe(sent);
  }
});

it("a_refusal_is_said_without_the_number_of_its_rule", () => {
  expect(withoutNumber('rule 12: "x y" is neither')).toBe('"x y" is neither');
  expect(withoutNumber("300 rules are too many")).toBe("300 rules are too many");
});
