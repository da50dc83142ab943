// @vitest-environment jsdom

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { downloadAddress, followLinks, problemOf } from "./document";

let frame: HTMLIFrameElement;

beforeEach(() => {
  frame = document.createElement("iframe");
  document.body.append(frame);
});
afterEach(() => frame.remove());

function held(): Document {
  if (frame.contentDocument === null) throw new Error("a frame holds a document");
  return frame.contentDocument;
}

describe("followLinks", () => {
  function press(href: string, how: MouseEventInit = {}): string[] {
    const gone: string[] = [];
    const end = followLinks(frame, (path) => gone.push(path));
    const link = held().createElement("a");
    link.href = href;
    held().body.replaceChildren(link);
    // What is not taken would lead the test's browser away.
    held().addEventListener("click", (event) => event.preventDefault(), { once: true });
    link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ...how }));
    end();
    return gone;
  }

  it("a_link_to_the_dashboard_is_followed_by_the_dashboard", () => {
    expect(press("/flows?sel=7")).toEqual(["/flows?sel=7"]);
  });

  it("places_in_the_document_other_sites_and_other_tabs_are_the_browsers", () => {
    expect(press("#findings")).toEqual([]);
    expect(press("https://example.com/flows")).toEqual([]);
    expect(press("/flows", { ctrlKey: true })).toEqual([]);
  });
});

describe("problemOf", () => {
  it("a_document_is_no_problem_and_one_that_may_not_be_read_is", () => {
    expect(problemOf(frame, "failed")).toBeNull();
    expect(problemOf(document.createElement("iframe"), "failed")).toBe("failed");
  });
});

it("what_is_saved_is_asked_for_as_a_file", () => {
  expect(downloadAddress("md")).toBe("/api/v1/report.md?download");
});
