import { expect, it } from "vitest";
import type { Message } from "../generated/Message";
import { initialState, status, totals } from "./fixtures";
import { UpdateOrder } from "./order";

function begin(session: number): Message {
  return { type: "initial_state", ...initialState({ status: status({ session }) }) };
}

function update(session: number, sequence: number): Message {
  return { type: "update", session, sequence, topic: "totals", data: totals() };
}

it("an_update_before_the_initial_state_is_dropped", () => {
  expect(new UpdateOrder().admit(update(1, 1))).toBe(false);
});

it("each_sequence_is_admitted_once_and_never_backwards", () => {
  const order = new UpdateOrder();
  order.admit(begin(1));
  expect([1, 3, 3, 2, 4].map((sequence) => order.admit(update(1, sequence)))).toEqual([
    true,
    true,
    false,
    false,
    true,
  ]);
});

it("what_is_said_in_words_may_follow_the_last_publication", () => {
  const order = new UpdateOrder();
  order.admit(begin(1));
  const data = { session: 1, findings: [], findings_omitted: 0, changes: [], facts: [] };
  const said = (sequence: number): Message => ({
    type: "update",
    session: 1,
    sequence,
    topic: "findings",
    data,
  });
  expect([3, 3, 2].map((sequence) => order.admit(said(sequence)))).toEqual([true, true, false]);
});

it("an_update_of_another_session_is_dropped", () => {
  const order = new UpdateOrder();
  order.admit(begin(1));
  order.admit(update(1, 9));
  order.admit(begin(2));
  expect(order.admit(update(1, 10))).toBe(false);
  expect(order.admit(update(2, 1))).toBe(true);
});
