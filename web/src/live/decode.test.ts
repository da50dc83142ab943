import { describe, expect, it } from "vitest";
import { decodeMessage } from "./decode";
import { initialState, packetRow, status, totals } from "./fixtures";

function decode(value: unknown) {
  return decodeMessage(JSON.stringify(value));
}

describe("decodeMessage", () => {
  it("every_kind_of_message_is_let_in", () => {
    const row = packetRow(1);
    const messages = [
      { type: "hello", stream_version: 1, version: "0.1.0", commit: null },
      { type: "initial_state", ...initialState() },
      { type: "status", ...status({ state: "running" }) },
      { type: "update", sequence: 1, session: 1, topic: "totals", data: totals() },
      {
        type: "update",
        sequence: 1,
        session: 1,
        topic: "packets",
        data: { oldest: 1, newest: 1, rows: [row] },
      },
      { type: "gap", skipped: 3 },
      { type: "reply", id: 4, ok: true, error: null, code: null, data: { packet: { row, bytes: "00ff" } } },
      {
        type: "reply",
        id: 5,
        ok: false,
        error: "capture already running on eth0",
        code: "wrong_state",
        data: null,
      },
      { type: "error", message: "not JSON" },
    ];
    for (const message of messages) expect(decode(message)).toEqual({ kind: "message", message });
  });

  it("a_field_that_is_not_known_is_let_through", () => {
    expect(decode({ type: "gap", skipped: 3, since: "noon" }).kind).toBe("message");
  });

  it("a_message_of_a_newer_program_is_unknown_and_no_error", () => {
    expect(decode({ type: "weather" })).toEqual({ kind: "unknown", type: "weather" });
    expect(decode({ type: "update", sequence: 1, session: 1, topic: "places", data: {} }).kind).toBe(
      "unknown",
    );
  });

  it("a_wrong_field_is_turned_away_and_named", () => {
    const totalsWithText = { ...totals(), elapsed_s: "12" };
    expect(
      decode({ type: "update", sequence: 1, session: 1, topic: "totals", data: totalsWithText }),
    ).toEqual({
      kind: "malformed",
      reason: "update.data.elapsed_s is string, expected a number",
    });
    const rowWithoutNumber = { ...packetRow(1), number: null };
    expect(
      decode({
        type: "reply",
        id: 1,
        ok: true,
        error: null,
        code: null,
        data: { packet: { row: rowWithoutNumber, bytes: "" } },
      }),
    ).toEqual({ kind: "malformed", reason: "reply.data.packet.row.number is null, expected a number" });
  });

  it("what_is_no_message_at_all_is_turned_away", () => {
    expect(decodeMessage("{").kind).toBe("malformed");
    expect(decode([]).kind).toBe("malformed");
    expect(decode(null).kind).toBe("malformed");
  });
});
