// @vitest-environment jsdom

import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { callsTopic, rtpStream } from "../../../live/media-fixtures";
import { fact, sentence } from "../../../live/word-fixtures";
import { standOn } from "./facts";
import { isPath } from "./SeeLink";
import { Sentences } from "./Sentences";
import { subjectText } from "./subject";

const navigate = vi.fn();
vi.mock(import("@tanstack/react-router"), async (original) => ({
  ...(await original()),
  useRouter: (() => ({ navigate })) as never,
}));

afterEach(cleanup);

function show(node: ReactNode): HTMLElement {
  return render(<Tooltip.Provider>{node}</Tooltip.Provider>).container;
}

describe("a fact in a sentence", () => {
  const said = [sentence("TCP sent ", ["3.2 %", 1], " again.")];

  it("leads_to_where_it_is_shown_without_loading_the_page_anew", () => {
    show(<Sentences sentences={said} facts={[fact(1)]} />);
    const link = screen.getByRole("link", { name: "3.2 %" });
    expect(link.getAttribute("href")).toBe("/protocols?protocols=TCP");
    expect(fireEvent.click(link)).toBe(false);
    expect(navigate).toHaveBeenCalledWith({ href: "/protocols?protocols=TCP" });
  });

  it("is_said_without_a_link_where_it_is_not_there", () => {
    expect(show(<Sentences sentences={said} facts={[]} />).textContent).toBe("TCP sent 3.2 % again.");
    expect(screen.queryByRole("link")).toBeNull();
  });

  it("that_a_stranger_named_is_text_and_no_markup", () => {
    const name = '<img src=x onerror="alert(1)">';
    const host = fact(1, { label: "Busiest host", text: name, method: name, value: { text: name } });
    const container = show(<Sentences sentences={[sentence([name, 1], " spoke.")]} facts={[host]} />);
    expect(container.textContent).toBe(`${name} spoke.`);
    expect(container.querySelector("img")).toBeNull();
  });
});

describe("isPath", () => {
  it("only_a_path_of_the_dashboard_is_followed", () => {
    expect(isPath("/flows?sel=7")).toBe(true);
    for (const other of [
      "",
      "flows",
      "//evil.example",
      "/\\evil.example",
      "https://evil.example",
      "javascript:0",
    ])
      expect(isPath(other)).toBe(false);
  });
});

describe("standOn", () => {
  it("a_comparison_brings_what_it_compares_and_each_fact_stands_once", () => {
    const twice = fact(3, {
      value: { comparison: { of: 1, with: 2, relation: "more" } },
      text: "2.0 times as much",
    });
    const said = [sentence(["x", 3]), sentence(["y", 1])];
    expect(standOn(said, [fact(1), fact(2), twice, fact(4)]).map(({ id }) => id)).toEqual([3, 1, 2]);
  });
});

describe("subjectText", () => {
  it("everything_that_can_be_talked_of_has_a_name", () => {
    expect(subjectText("session")).not.toBe("");
    expect(subjectText({ service: { address: "2001:db8::1", port: 443 } })).toBe("[2001:db8::1]:443");
    expect(subjectText({ pair: ["10.0.0.1", "10.0.0.2"] })).toBe("10.0.0.1 → 10.0.0.2");
    const known = callsTopic({ streams: [rtpStream(7)] });
    expect(subjectText({ stream: 7 }, known)).toBe("192.168.1.10:10000 → 170.114.52.2:20000");
    expect(subjectText({ stream: 8 }, known)).toBe("Stream 8");
    // A newer program may speak of what this page does not know.
    expect(subjectText({ planet: "Mars" } as never)).toBe("–");
  });
});
