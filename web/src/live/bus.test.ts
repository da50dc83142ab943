// @vitest-environment jsdom

import { describe, expect, it, vi } from "vitest";
import { FrameBus } from "./bus";

function stage() {
  const frames: ((now_ms: number) => void)[] = [];
  const page = { hidden: false };
  const bus = new FrameBus({
    requestFrame: (paint) => frames.push(paint),
    hidden: () => page.hidden,
  });
  const frame = (now_ms: number) => {
    for (const paint of frames.splice(0)) paint(now_ms);
  };
  return { bus, frame, frames, page };
}

describe("FrameBus", () => {
  it("many_marks_one_paint_and_only_of_views_that_follow_the_topic", () => {
    const { bus, frame } = stage();
    const totals = vi.fn();
    const packets = vi.fn();
    bus.view(["totals"], totals);
    bus.view(["packets"], packets);
    frame(0);
    bus.mark("totals");
    bus.mark("totals");
    frame(16);
    expect(totals).toHaveBeenCalledTimes(2);
    expect(packets).toHaveBeenCalledTimes(1);
  });

  it("a_view_that_is_not_due_is_painted_later_without_another_mark", () => {
    const { bus, frame } = stage();
    const paint = vi.fn();
    bus.view(["totals"], paint, { every_ms: 250 });
    frame(0);
    bus.mark("totals");
    frame(100);
    expect(paint).toHaveBeenCalledTimes(1);
    frame(250);
    expect(paint).toHaveBeenCalledTimes(2);
  });

  it("held_views_keep_still_and_catch_up_once", () => {
    const { bus, frame, frames } = stage();
    const paint = vi.fn();
    bus.view(["totals"], paint);
    frame(0);
    bus.hold(true);
    bus.mark("totals");
    expect(frames).toHaveLength(0);
    bus.hold(false);
    frame(16);
    expect(paint).toHaveBeenCalledTimes(2);
  });

  it("no_frame_is_asked_for_while_the_page_is_hidden", () => {
    const { bus, frames, page } = stage();
    page.hidden = true;
    bus.view(["totals"], vi.fn());
    expect(frames).toHaveLength(0);
    page.hidden = false;
    bus.schedule();
    expect(frames).toHaveLength(1);
  });

  it("a_removed_view_is_not_painted", () => {
    const { bus, frame } = stage();
    const paint = vi.fn();
    const remove = bus.view(["totals"], paint);
    remove();
    frame(0);
    expect(paint).not.toHaveBeenCalled();
  });
});
