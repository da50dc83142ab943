import { describe, expect, it } from "vitest";
import { call, rtpStream } from "../../../live/media-fixtures";
import { callOrder, mediaSearch, orderSearch, streamOrder } from "./address";
import { afterPress, sortedCalls, sortedStreams } from "./order";

describe("order", () => {
  const streams = [
    rtpStream(1, { mos: 4.2, first_seen: "2026-11-20T14:02:01Z" }),
    rtpStream(2, { mos: null, first_seen: "2026-11-20T14:02:03Z" }),
    rtpStream(3, { mos: 3.1, first_seen: "2026-11-20T14:02:02Z" }),
  ];
  const ids = (rows: { id: number }[]) => rows.map(({ id }) => id);

  it("the_newest_come_first_where_nobody_sorted", () => {
    expect(ids(sortedStreams(streams, streamOrder({})))).toEqual([2, 3, 1]);
  });

  it("what_is_not_known_comes_last_either_way", () => {
    expect(ids(sortedStreams(streams, { sort: "mos", rising: true }))).toEqual([3, 1, 2]);
    expect(ids(sortedStreams(streams, { sort: "mos", rising: false }))).toEqual([1, 3, 2]);
  });

  it("a_call_without_signalling_is_sorted_by_its_addresses", () => {
    const calls = [call(1, { from: "sip:b@x" }), call(2, { from: null, caller: "10.0.0.1" })];
    expect(ids(sortedCalls(calls, { sort: "from", rising: true }))).toEqual([2, 1]);
  });

  it("a_press_shows_the_worst_mos_or_the_largest_number_first_and_the_next_turns_it", () => {
    const usual = streamOrder({});
    expect(afterPress(usual, "mos")).toEqual({ sort: "mos", rising: true });
    expect(afterPress(usual, "lost")).toEqual({ sort: "lost", rising: false });
    expect(afterPress({ sort: "lost", rising: false }, "lost")).toEqual({ sort: "lost", rising: true });
  });
});

describe("mediaSearch", () => {
  it("what_belongs_to_the_other_list_is_left_out", () => {
    expect(mediaSearch({ view: "calls", call: 3, stream: 4, sort: "delay" })).toEqual({
      view: "calls",
      call: 3,
      sort: "delay",
    });
    expect(mediaSearch({ call: 3, stream: 4, sort: "delay", rising: true })).toEqual({
      stream: 4,
      rising: true,
    });
  });

  it("what_is_no_id_is_left_out", () => {
    for (const stream of ["4", -1, 1.5, null]) expect(mediaSearch({ stream })).toEqual({});
  });

  it("the_usual_order_is_not_written_and_reads_back", () => {
    expect(orderSearch(streamOrder({}))).toEqual({});
    const order = { sort: "duration", rising: true } as const;
    expect(callOrder(orderSearch(order))).toEqual(order);
  });
});
