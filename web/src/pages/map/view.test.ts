import { describe, expect, it } from "vitest";
import { mapSearch } from "./address";
import { placeAfter } from "./PlaceOptions";
import { isClosest, moved, showing, WHOLE, zoomed } from "./view";

const SIZE = { width: 800, height: 400 };

describe("the view", () => {
  it("zooms around the pointer", () => {
    const view = zoomed(WHOLE, 2, 400, 100, SIZE);
    // What was at (400, 100) is at 2 * (400, 100) + (x, y), and that is to be (400, 100).
    expect(view).toEqual({ k: 2, x: -400, y: -100 });
    expect(zoomed(view, 1 / 8, 0, 0, SIZE)).toEqual({ k: 1, x: 0, y: 0 });
  });

  it("comes no closer than it may", () => {
    const view = zoomed(WHOLE, 1_000, 0, 0, SIZE);
    expect(view.k).toBe(24);
    expect(isClosest(view)).toBe(true);
  });

  it("never leaves a gap at an edge", () => {
    const view = { k: 2, x: -100, y: -100 };
    expect(moved(view, 500, 500, SIZE)).toEqual({ k: 2, x: 0, y: 0 });
    // Twice 800 is wide: 800 of it are out of sight at most.
    expect(moved(view, -5_000, -5_000, SIZE)).toEqual({ k: 2, x: -800, y: -400 });
    expect(moved(WHOLE, 30, 30, SIZE)).toEqual(WHOLE);
  });

  it("brings what is out of sight into the middle, and leaves what is in sight", () => {
    const view = { k: 4, x: 0, y: 0 };
    expect(showing(view, [100, 50], SIZE)).toBe(view);
    // (500, 200) lies at (2000, 800): it has to move by -1600 and -600 to be at (400, 200).
    expect(showing(view, [500, 200], SIZE)).toEqual({ k: 4, x: -1_600, y: -600 });
  });
});

describe("keys on the list of places", () => {
  it("go through it and stay within it", () => {
    expect(placeAfter("ArrowDown", -1, 3)).toBe(0);
    expect(placeAfter("ArrowRight", 2, 3)).toBe(2);
    expect(placeAfter("ArrowUp", 0, 3)).toBe(0);
    expect(placeAfter("End", 0, 3)).toBe(2);
    expect(placeAfter("Home", 2, 3)).toBe(0);
    expect(placeAfter("x", 2, 3)).toBeNull();
  });
});

describe("the address", () => {
  it("keeps what fits and drops what does not", () => {
    expect(mapSearch({ category: " Video ", by: "flows", view: "list", sel: "DE/Berlin" })).toEqual({
      category: "Video",
      by: "flows",
      view: "list",
      sel: "DE/Berlin",
    });
    expect(mapSearch({ category: "", by: "bytes", view: "map", sel: 3, k: 9 })).toEqual({});
  });
});
