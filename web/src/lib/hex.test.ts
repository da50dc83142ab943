import { expect, it } from "vitest";
import { byteAt, byteWords, hexColumn, hexDump, hexLines } from "./hex";

it("sixteen_bytes_a_line_with_text_beside_them", () => {
  // "GET / HTTP/1.1" is 14 bytes, CR LF make 16, one more byte starts the second line.
  const bytes = "474554202f20485454502f312e310d0aff";
  expect(hexLines(bytes)).toEqual([
    { offset: "0000", hex: "47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a", ascii: "GET / HTTP/1.1.." },
    { offset: "0010", hex: "ff", ascii: "." },
  ]);
});

it("no_bytes_no_lines_and_half_a_byte_is_none", () => {
  expect(hexLines("")).toEqual([]);
  expect(hexLines("4")).toEqual([]);
});

it("a_character_belongs_to_the_byte_it_was_written_for", () => {
  for (let place = 0; place < 16; place += 1) {
    expect(byteAt(hexColumn(place))).toBe(place);
    expect(byteAt(hexColumn(place) + 1)).toBe(place);
  }
  // The two spaces in the middle belong to the byte before.
  expect(byteAt(24)).toBe(7);
});

it("a_byte_is_said_in_every_form", () => {
  expect(byteWords("004500ff2e", 1)).toBe('0x0001 (1)   45   69   0100 0101   "E"');
  expect(byteWords("004500ff2e", 3)).toBe("0x0003 (3)   ff   255   1111 1111");
  expect(byteWords("004500ff2e", 4)).toBe('0x0004 (4)   2e   46   0010 1110   "."');
});

it("a_dump_keeps_its_columns_in_a_short_last_line", () => {
  const [full = "", short = ""] = hexDump("41".repeat(17)).split("\n");
  expect(full.indexOf("AAAA")).toBe(short.indexOf("A"));
});
