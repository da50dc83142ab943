// @vitest-environment jsdom

import { describe, expect, it, vi } from "vitest";
import type { PacketWindow } from "../../generated/PacketWindow";
import { type PacketQuery, Refused } from "../../live/client";
import { packetRow } from "../../live/fixtures";
import { HeldPackets } from "./held-packets";
import { MatchingPackets } from "./matching-packets";

/** A program that holds the packets from `oldest` to `newest`; every tenth says "ten". */
function program(oldest: number, newest: number) {
  const row = (number: number) => packetRow(number, { info: number % 10 === 0 ? "ten" : "one" });
  const numbers = (from: number, to: number) =>
    Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  const find = vi.fn(async ({ from, limit, text }: PacketQuery): Promise<PacketWindow> => {
    const all = numbers(Math.max(oldest, from ?? oldest), newest)
      .map(row)
      .filter((found) => text === null || found.info.includes(text));
    const rows = from === null ? all.slice(-limit) : all.slice(0, limit);
    const more = from !== null && all.length > rows.length;
    return { oldest, newest, rows, next: more ? (rows.at(-1)?.number ?? 0) + 1 : null };
  });
  const topic = { oldest, newest, rows: numbers(Math.max(oldest, newest - 199), newest).map(row) };
  return { find, topic };
}

/** Lets every answer that is on its way arrive. */
async function settled(): Promise<void> {
  await new Promise((done) => setTimeout(done, 0));
}

describe("HeldPackets", () => {
  it("the_newest_rows_need_no_request", () => {
    const { find, topic } = program(1, 1_000);
    const packets = new HeldPackets(find, vi.fn());
    packets.update(topic, true);
    packets.want(900, 999);
    expect(packets.count).toBe(1_000);
    expect(packets.rowAt(999)).toMatchObject({ number: 1_000 });
    expect(find).not.toHaveBeenCalled();
  });

  it("rows_in_sight_are_fetched_in_whole_windows", async () => {
    const { find, topic } = program(1, 1_000);
    const packets = new HeldPackets(find, vi.fn());
    packets.update(topic, true);
    expect(packets.rowAt(250)).toBe("loading");
    packets.want(250, 280);
    await settled();
    expect(find.mock.calls).toEqual([[{ from: 201, limit: 200, text: null }]]);
    expect(packets.rowAt(250)).toMatchObject({ number: 251 });
  });

  it("a_list_that_is_not_followed_keeps_its_ends", () => {
    const packets = new HeldPackets(program(1, 1_000).find, vi.fn());
    packets.update(program(1, 1_000).topic, true);
    packets.update(program(500, 2_000).topic, false);
    expect(packets.count).toBe(1_000);
    expect(packets.rowAt(10)).toBe("gone");
    packets.update(program(500, 2_000).topic, true);
    expect(packets.count).toBe(1_501);
    expect(packets.numberAt(0)).toBe(500);
  });

  it("a_refused_request_is_not_repeated_at_once", async () => {
    const find = vi.fn(() => Promise.reject(new Error("not connected")));
    const packets = new HeldPackets(find, vi.fn());
    packets.update(program(1, 1_000).topic, true);
    packets.want(0, 20);
    await settled();
    expect(find).toHaveBeenCalledTimes(1);
  });
});

describe("MatchingPackets", () => {
  it("begins_with_the_newest_matches", async () => {
    const { find } = program(1, 10_000);
    const matches = new MatchingPackets({ text: "ten" }, find, vi.fn());
    await settled();
    // 1,000 packets match; the newest 200 of them begin at packet 8,010.
    expect(matches.count).toBe(200);
    expect(matches.numberAt(0)).toBe(8_010);
  });

  it("older_matches_come_before_while_scrolling_up", async () => {
    const { find } = program(1, 10_000);
    const matches = new MatchingPackets({ text: "ten" }, find, vi.fn());
    await settled();
    matches.want(0);
    await settled();
    // The stretch of 2,000 packets before 8,010 begins at 6,010: 200 more.
    expect(matches.count).toBe(400);
    expect(matches.numberAt(0)).toBe(6_010);
    expect(matches.indexOf(8_010)).toBe(200);
    expect(matches.indexOf(8_011)).toBeNull();
  });

  it("newer_matches_are_added_once", async () => {
    const before = program(1, 1_000);
    const after = program(1, 1_050);
    const find = vi.fn(before.find);
    const matches = new MatchingPackets({ text: "ten" }, find, vi.fn());
    await settled();
    find.mockImplementation(after.find);
    matches.update(after.topic, true);
    await settled();
    matches.update(after.topic, true);
    await settled();
    expect(matches.count).toBe(105);
    expect(matches.numberAt(104)).toBe(1_050);
  });

  it("the_count_of_matches_becomes_whole_without_being_asked", async () => {
    const { find } = program(1, 10_000);
    const matches = new MatchingPackets({ text: "ten" }, find, vi.fn());
    await vi.waitFor(() => expect(matches.complete).toBe(true), { timeout: 5_000 });
    expect(matches.count).toBe(1_000);
    expect(matches.numberAt(0)).toBe(10);
  });

  it("a_flow_that_is_not_listed_any_more_ends_the_search_for_good", async () => {
    const find = vi.fn(() => Promise.reject(new Refused("there is no flow 7", "not_found")));
    const changed = vi.fn();
    const matches = new MatchingPackets({ text: null, flow: 7 }, find, changed);
    await settled();
    expect(matches.searching).toBe(false);
    expect(matches.complete).toBe(true);
    expect(changed).toHaveBeenCalled();
    matches.update(program(1, 1_000).topic, true);
    await settled();
    expect(find).toHaveBeenCalledTimes(1);
  });

  it("no_match_ends_the_search", async () => {
    const { find } = program(1, 1_000);
    const matches = new MatchingPackets({ text: "nothing" }, find, vi.fn());
    await settled();
    matches.want(0);
    await settled();
    expect(matches.count).toBe(0);
    expect(matches.searching).toBe(false);
    expect(find).toHaveBeenCalledTimes(1);
  });
});
