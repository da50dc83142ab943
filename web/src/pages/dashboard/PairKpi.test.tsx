// @vitest-environment jsdom

import { cleanup, render, screen, within } from "@testing-library/react";
import { Tooltip } from "radix-ui";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { UNKNOWN } from "../../lib/format";
import { strings } from "../../lib/strings";
import { bus } from "../../live/bus";
import { initialState, totals } from "../../live/fixtures";
import { receive } from "../../live/session";
import { CARDS } from "./cards";
import { Kpi } from "./Kpi";
import { PairKpi } from "./PairKpi";

// The cards read what charts draw; nothing is drawn here.
vi.mock("uplot", () => ({ default: class {} }));

const words = strings.dashboard;

beforeEach(() => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
  vi.stubGlobal("IntersectionObserver", undefined);
  // Paints at once what would be painted with the next frame.
  vi.spyOn(bus, "view").mockImplementation((_topics, paint) => {
    paint();
    return () => {};
  });
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(label: string): HTMLElement {
  const card = CARDS.find((one) => one.label === label);
  if (card === undefined) throw new Error(`there is no card ${label}`);
  render(
    <Tooltip.Provider>{"pair" in card ? <PairKpi card={card} /> : <Kpi card={card} />}</Tooltip.Provider>,
  );
  return screen.getByRole("listitem");
}

function measured(parts: Parameters<typeof totals>[0]) {
  receive({ type: "initial_state", ...initialState({ totals: totals(parts) }) });
}

it("the_loss_of_tcp_and_that_of_rtp_stand_apart", () => {
  measured({
    loss: { now_percentage: 1.5, peak_percentage: 20, average_percentage: 3 },
    rtp_loss: { now_percentage: 0.25, peak_percentage: 5.5, average_percentage: 0.5 },
  });
  const [tcp, rtp] = [...show(words.loss).querySelectorAll("[data-reading]")].map((part) => part.textContent);
  expect(tcp).toBe(`${words.resentShort}1.50%avg 3.00peak 20.0`);
  expect(rtp).toBe(`${words.rtpLost}0.25%avg 0.50peak 5.50`);
});

it("without_rtp_jitter_is_unknown_and_its_hint_says_why", () => {
  measured({});
  const card = show(words.jitter);
  expect(card.querySelector("[data-part=number]")?.textContent).toBe(UNKNOWN);
  expect(within(card).getByRole("button", { name: words.jitter })).toBeTruthy();
  expect(words.jitterHint).toContain("“–”: no stream");
});
