// @vitest-environment jsdom

import { expect, it, vi } from "vitest";
import type { FlowQuery } from "../../generated/FlowQuery";
import type { FlowWindow } from "../../generated/FlowWindow";
import { Refused } from "../../live/client";
import { flowListed } from "../../live/fixtures";
import { FlowList, type FlowOrder, flowsForFile } from "./flow-list";

const ALL: FlowOrder = {
  sort: "bytes",
  descending: true,
  text: null,
  protocol: null,
  app: null,
  active: false,
};

/** A program that lists `count` flows, numbered from 0 in the order asked for, or from the end where the smallest come first. */
function program(count: number) {
  const find = async ({ offset, limit, descending, text }: FlowQuery): Promise<FlowWindow> => {
    if (text === "nonsense") throw new Refused("nonsense means nothing", "bad_request");
    const places = Array.from({ length: count }, (_, place) => (descending ? place : count - 1 - place));
    const rows = places.slice(offset, offset + limit).map((id) => flowListed(id));
    return { total: count, matched: count, forgotten: 0, now_ms: null, rows };
  };
  return vi.fn(find);
}

/** Lets every answer that is on its way arrive. */
async function settled(): Promise<void> {
  await new Promise((done) => setTimeout(done, 0));
}

it("only_what_is_in_sight_is_asked_for", async () => {
  const find = program(100_000);
  const list = new FlowList(find, vi.fn());
  list.arrange(ALL);
  await settled();
  list.look(50_000, 50_030);
  await settled();
  // 40 rows before and after the 31 in sight.
  expect(find).toHaveBeenLastCalledWith({ ...ALL, offset: 49_960, limit: 111 });
  expect(list.matched).toBe(100_000);
  expect(list.rowAt(50_030)?.id).toBe(50_030);
  expect(list.rowAt(10_000)).toBeNull();
});

it("rows_that_are_there_need_no_question", async () => {
  const find = program(1_000);
  const list = new FlowList(find, vi.fn());
  list.arrange(ALL);
  await settled();
  list.look(0, 30);
  list.look(5, 35);
  await settled();
  expect(find).toHaveBeenCalledTimes(1);
});

it("a_row_that_did_not_come_is_not_asked_for_without_end", async () => {
  const find = vi.fn(async (): Promise<FlowWindow> => {
    return { total: 10, matched: 10, forgotten: 0, now_ms: null, rows: [] };
  });
  const list: FlowList = new FlowList(find, () => list.look(0, 9));
  list.arrange(ALL);
  await settled();
  expect(find).toHaveBeenCalledTimes(1);
});

it("a_refused_filter_leaves_the_last_good_rows_and_says_why", async () => {
  const list = new FlowList(program(10), vi.fn());
  list.arrange(ALL);
  await settled();
  list.arrange({ ...ALL, text: "nonsense" });
  await settled();
  expect(list.problem).toBe("nonsense means nothing");
  expect(list.rowAt(3)?.id).toBe(3);
  list.arrange({ ...ALL, text: "10.0.0.1" });
  await settled();
  expect(list.problem).toBeNull();
});

it("another_order_replaces_the_rows_at_once_when_it_comes", async () => {
  const list = new FlowList(program(10), vi.fn());
  list.arrange(ALL);
  await settled();
  list.arrange({ ...ALL, descending: false });
  expect(list.isCurrent).toBe(false);
  expect(list.rowAt(0)?.id).toBe(0);
  await settled();
  expect(list.isCurrent).toBe(true);
  expect(list.rowAt(0)?.id).toBe(9);
  expect(list.placeOf(9)).toBe(0);
});

it("an_answer_to_an_order_that_is_no_longer_wanted_is_dropped", async () => {
  const answers: ((window: FlowWindow) => void)[] = [];
  const find = vi.fn(() => new Promise<FlowWindow>((done) => answers.push(done)));
  const list = new FlowList(find, vi.fn());
  const window = (id: number) => ({
    total: 1,
    matched: 1,
    forgotten: 0,
    now_ms: null,
    rows: [flowListed(id)],
  });
  list.arrange(ALL);
  list.arrange({ ...ALL, active: true });
  answers[0]?.(window(1));
  await settled();
  expect(list.matched).toBeNull();
  answers[1]?.(window(2));
  await settled();
  expect(list.rowAt(0)?.id).toBe(2);
});

it("a_file_holds_each_flow_once_although_the_list_moves", async () => {
  // The second page begins with the flow that was last of the first.
  const find = vi.fn(async ({ offset, limit }: FlowQuery): Promise<FlowWindow> => {
    const first = offset === 0 ? 0 : offset - 1;
    const rows = Array.from({ length: Math.min(limit, 300 - offset) }, (_, n) => flowListed(first + n));
    return { total: 300, matched: 300, forgotten: 0, now_ms: null, rows };
  });
  const ids = (await flowsForFile(ALL, find)).map(({ id }) => id);
  // 200 rows numbered 0 to 199, then 100 numbered 199 to 298.
  expect(ids).toEqual(Array.from({ length: 299 }, (_, id) => id));
  expect(find).toHaveBeenCalledTimes(2);
});
