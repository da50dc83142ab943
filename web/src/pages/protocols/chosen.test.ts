import { describe, expect, it } from "vitest";
import { afterPress, chosenOf, protocolSearch } from "./chosen";

describe("protocolSearch", () => {
  it("names_are_read_in_any_case_and_order_and_strange_ones_left_out", () => {
    expect(protocolSearch({ protocols: "dns,tcp,GOPHER" })).toEqual({ protocols: "TCP,DNS" });
    expect(protocolSearch({ protocols: "GOPHER" })).toEqual({});
    expect(protocolSearch({ protocols: 7 })).toEqual({});
  });

  it("where_nobody_chose_the_first_that_there_was_is_shown", () => {
    expect(chosenOf({}, (name) => name === "UDP" || name === "DNS")).toEqual(["UDP"]);
    expect(chosenOf({}, () => false)).toEqual(["TCP"]);
    // Whoever chose is shown that, also where there is none of it.
    expect(chosenOf(protocolSearch({ protocols: "TCP" }), (name) => name === "UDP")).toEqual(["TCP"]);
  });

  it("more_than_fit_are_cut", () => {
    expect(protocolSearch({ protocols: "TCP,UDP,QUIC,DNS,TLS" })).toEqual({ protocols: "TCP,UDP,QUIC,DNS" });
  });
});

describe("afterPress", () => {
  it("a_press_shows_that_protocol_alone", () => {
    expect(afterPress(["TCP", "DNS"], "UDP", false)).toEqual(["UDP"]);
  });

  it("while_comparing_a_press_adds_or_takes_away_and_one_always_stays", () => {
    expect(afterPress(["DNS"], "TCP", true)).toEqual(["TCP", "DNS"]);
    expect(afterPress(["TCP", "DNS"], "TCP", true)).toEqual(["DNS"]);
    expect(afterPress(["DNS"], "DNS", true)).toEqual(["DNS"]);
  });

  it("a_fifth_is_not_taken", () => {
    const four = ["TCP", "UDP", "QUIC", "DNS"] as const;
    expect(afterPress(four, "TLS", true)).toEqual(four);
  });
});
