import { expect, it } from "vitest";
import { covers, hiddenBy } from "./cover";

it("a_domain_takes_all_below_it_by_whole_labels", () => {
  expect(covers("example.org", "cam.Example.org.")).toBe(true);
  expect(covers("example.org", "example.org")).toBe(true);
  expect(covers("cam.example.org", "example.org")).toBe(false);
  expect(covers("x.example", "netflix.example")).toBe(false);
});

it("a_range_takes_the_narrower_ones_in_it", () => {
  expect(covers("192.0.2.0/24", "192.0.2.7")).toBe(true);
  // 192.0.2.200 is not in the lower half, which ends with .127.
  expect(covers("192.0.2.0/25", "192.0.2.200")).toBe(false);
  expect(covers("192.0.2.7", "192.0.2.0/24")).toBe(false);
  expect(covers("0.0.0.0/0", "192.0.2.0/24")).toBe(true);
  expect(covers("2001:db8::/32", "2001:DB8:0:1::7")).toBe(true);
  expect(covers("2001:db8::/32", "2001:db9::1")).toBe(false);
  // The two families have nothing in common.
  expect(covers("::/0", "192.0.2.7")).toBe(false);
});

it("ports_are_the_same_or_not", () => {
  expect(covers("tcp/8080", "TCP/8080")).toBe(true);
  expect(covers("tcp/80", "tcp/8080")).toBe(false);
  expect(covers("example.org", "192.0.2.7")).toBe(false);
});

it("a_rule_after_one_that_takes_all_of_it_is_hidden", () => {
  const rules = ["b.example", "192.0.2.0/24", "a.b.example"].map((match) => ({
    app: match,
    match,
    category: null,
  }));
  expect(rules.map((_, place) => hiddenBy(rules, place)?.match ?? null)).toEqual([null, null, "b.example"]);
});
