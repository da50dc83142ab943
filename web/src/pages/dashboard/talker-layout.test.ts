import { describe, expect, it } from "vitest";
import { gutters, layOutTalkers, shortAddress, shortName } from "./talker-layout";

const AREA = { x0: 100, y0: 0, x1: 400, y1: 200 };

/** Addresses that begin with an l are local. */
function talker(source: string, destination: string, bytes: number) {
  return {
    source,
    source_local: source.startsWith("l"),
    destination,
    destination_local: destination.startsWith("l"),
    bytes,
    packets: 1,
  };
}

describe("layOutTalkers", () => {
  it("a_pair_that_answers_each_other_and_a_machine_that_talks_to_itself_are_no_cycle", () => {
    const layout = layOutTalkers([talker("a", "b", 30), talker("b", "a", 20), talker("c", "c", 10)], AREA);
    // Each address stands once on each side: a, b, c send; b, a, c receive.
    expect(layout.nodes).toHaveLength(6);
    for (const link of layout.links) {
      expect(link.from.x).toBe(108);
      expect(link.to.x).toBe(392);
    }
  });

  it("widths_are_in_proportion_to_bytes", () => {
    const { links } = layOutTalkers([talker("a", "b", 30), talker("a", "c", 10)], AREA);
    const [large, small] = links;
    expect((large?.width ?? 0) / (small?.width ?? 1)).toBeCloseTo(3);
  });

  it("the_direction_comes_from_which_ends_are_local", () => {
    const talkers = [
      talker("l1", "r1", 5),
      talker("r1", "l1", 4),
      talker("l1", "l2", 3),
      talker("r1", "r2", 2),
    ];
    const { links } = layOutTalkers(talkers, AREA);
    const directions = new Map(links.map((link) => [link.talker.bytes, link.direction]));
    expect([5, 4, 3, 2].map((bytes) => directions.get(bytes))).toEqual(["out", "in", "internal", "transit"]);
  });

  it("no_bytes_no_picture", () => {
    expect(layOutTalkers([talker("a", "b", 0)], AREA)).toEqual({ nodes: [], links: [] });
  });
});

it("a_long_address_keeps_both_ends", () => {
  expect(shortAddress("2001:db8:85a3::8a2e:370:7334", 11)).toBe("2001:…:7334");
  expect(shortAddress("10.0.0.1", 11)).toBe("10.0.0.1");
});

it("a_long_name_keeps_its_end_and_one_of_the_link_its_beginning", () => {
  expect(shortName("upload.wikimedia.org", 14)).toBe("…wikimedia.org");
  expect(shortName("example.org", 14)).toBe("example.org");
  expect(shortName("meeting-room-tv.local", 14)).toBe("meeting-room-…");
  expect(shortName("reception-pc-two", 14)).toBe("reception-pc-…");
});

it("words_at_one_side_have_what_those_at_the_other_leave", () => {
  // 72 % of 500 px are 360, half of it 180.
  expect(gutters({ source: 100, destination: 120 }, 500)).toEqual({ source: 100, destination: 120 });
  expect(gutters({ source: 100, destination: 400 }, 500)).toEqual({ source: 100, destination: 260 });
  expect(gutters({ source: 400, destination: 400 }, 500)).toEqual({ source: 180, destination: 180 });
});
