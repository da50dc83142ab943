import { expect, it } from "vitest";
import { hexLines } from "./hex";

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
