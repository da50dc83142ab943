import { describe, expect, it } from "vitest";
import golden from "../../../crates/messages/tests/stream.jsonl?raw";
import { decodeMessage } from "./decode";
import { packetRow, totals } from "./fixtures";
import { sessionReport, summaries } from "./word-fixtures";

function decode(value: unknown) {
  return decodeMessage(JSON.stringify(value));
}

describe("decodeMessage", () => {
  it("every_message_that_the_program_writes_is_let_in", () => {
    for (const line of golden.trim().split("\n")) {
      expect(decodeMessage(line)).toEqual({ kind: "message", message: JSON.parse(line) });
    }
  });

  it("a_field_that_is_not_known_is_let_through", () => {
    expect(decode({ type: "gap", skipped: 3, since: "noon" }).kind).toBe("message");
  });

  it("a_message_of_a_newer_program_is_unknown_and_no_error", () => {
    expect(decode({ type: "weather" })).toEqual({ kind: "unknown", type: "weather" });
    expect(decode({ type: "update", sequence: 1, session: 1, topic: "tides", data: {} }).kind).toBe(
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

  it("a_report_of_which_a_part_lacks_its_numbers_is_turned_away_and_breaks_no_page", () => {
    const update = (report: unknown) =>
      decode({
        type: "update",
        sequence: 1,
        session: 1,
        topic: "summaries",
        data: { ...summaries(), report },
      });
    expect(update(sessionReport()).kind).toBe("message");
    const [part] = sessionReport().breakdown;
    for (const key_metrics of [undefined, null, "TCP loss: 3.2 %", [7]]) {
      expect(update(sessionReport({ breakdown: [{ ...part, key_metrics } as never] })).kind).toBe(
        "malformed",
      );
    }
  });

  it("what_is_no_message_at_all_is_turned_away", () => {
    expect(decodeMessage("{").kind).toBe("malformed");
    expect(decode([]).kind).toBe("malformed");
    expect(decode(null).kind).toBe("malformed");
  });
});
