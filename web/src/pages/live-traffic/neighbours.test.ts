import { expect, it } from "vitest";
import { packetRow } from "../../live/fixtures";
import type { Find } from "./held-packets";
import { nextBetween, previousBetween } from "./neighbours";

/** Ten thousand packets; every thousandth is between a and b, in turn from either side, all others between a and c. */
const row = (number: number) => {
  if (number % 1_000 !== 0) return packetRow(number, { source: "a", destination: "c" });
  const there = number % 2_000 === 0;
  return packetRow(number, { source: there ? "a" : "b", destination: there ? "b" : "a" });
};

const find: Find = async ({ from, limit, text }) => {
  const rows = [];
  let number = from ?? 1;
  for (; number <= 10_000 && rows.length < limit; number += 1) {
    const candidate = row(number);
    if (text === null || [candidate.source, candidate.destination].includes(text)) rows.push(candidate);
  }
  return { oldest: 1, newest: 10_000, rows, next: number <= 10_000 ? number : null };
};

it("the_next_packet_may_go_the_other_way", async () => {
  expect(await nextBetween(row(4_000), find)).toBe(5_000);
});

it("the_packet_before_is_the_nearest_not_the_first", async () => {
  expect(await previousBetween(row(4_000), find)).toBe(3_000);
});

it("at_the_ends_there_is_none", async () => {
  expect(await nextBetween(row(10_000), find)).toBeNull();
  expect(await previousBetween(row(1_000), find)).toBeNull();
});
