import { expect, it } from "vitest";
import { quicVersionText } from "./quic-versions";

it("versions_that_people_know_have_their_names", () => {
  expect(quicVersionText("0x00000001")).toBe("QUIC 1 (0x00000001)");
  expect(quicVersionText("0x6b3343cf")).toBe("QUIC 2 (0x6b3343cf)");
  // ff 00 00 1d: 0x1d is 29.
  expect(quicVersionText("0xff00001d")).toBe("draft 29 (0xff00001d)");
  // 51 30 35 30 are the letters Q050.
  expect(quicVersionText("0x51303530")).toBe("Google Q050 (0x51303530)");
});

it("reserved_ones_say_so_also_where_the_first_bit_is_set", () => {
  expect(quicVersionText("0xdaeafa0a")).toBe("reserved, to test the other end (0xdaeafa0a)");
});

it("one_without_a_name_keeps_its_number", () => {
  expect(quicVersionText("0x12345678")).toBe("0x12345678");
  expect(quicVersionText("unknown")).toBe("unknown");
});
