// @vitest-environment jsdom

import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

const navigate = vi.hoisted(() => vi.fn());
vi.mock("@tanstack/react-router", () => ({ useNavigate: () => navigate, useSearch: () => ({}) }));

// The theme asks for the system's when it is loaded, which this place does not know.
vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {} }));
const { status } = await import("../live/fixtures");
const { useSession } = await import("../live/session");
const { Palette } = await import("./Palette");
const { setPaletteOpen, usePalette, usePaletteKey } = await import("./palette-state");
const { useTheme } = await import("./theme");

function Page() {
  usePaletteKey();
  return (
    <>
      <input aria-label="field" />
      <Palette />
    </>
  );
}

beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {} }));
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  Element.prototype.scrollIntoView = () => {};
  navigate.mockClear();
  setPaletteOpen(false);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function type(query: string): Promise<HTMLElement> {
  const field = await screen.findByPlaceholderText(/Type a command/);
  fireEvent.change(field, { target: { value: query } });
  return field;
}

it("ctrl_k_opens_it_also_while_something_is_typed", async () => {
  render(<Page />);
  fireEvent.keyDown(screen.getByLabelText("field"), { key: "k", ctrlKey: true });
  expect(await screen.findByText("Go to Live traffic")).toBeTruthy();
  fireEvent.keyDown(window, { key: "k", metaKey: true });
  expect(usePalette.getState().open).toBe(false);
});

it("enter_runs_the_best_find", async () => {
  render(<Page />);
  setPaletteOpen(true);
  fireEvent.keyDown(await type("theme light"), { key: "Enter" });
  await vi.waitFor(() => expect(useTheme.getState().theme).toBe("light"));
  expect(usePalette.getState().open).toBe(false);
});

it("what_is_no_command_is_looked_for_in_the_packets", async () => {
  render(<Page />);
  setPaletteOpen(true);
  fireEvent.keyDown(await type("192.168.1.7"), { key: "Enter" });
  await vi.waitFor(() =>
    expect(navigate).toHaveBeenCalledWith({ to: "/live", search: { filter: "192.168.1.7" } }),
  );
});

it("what_means_nothing_at_this_moment_is_not_offered", async () => {
  render(<Page />);
  setPaletteOpen(true);
  await type("stop capturing");
  expect(screen.queryByText("Stop capturing")).toBeNull();
});

it("the_demo_is_offered_until_it_plays_and_then_its_end", async () => {
  const source = { kind: "demo" as const, name: "demo", progress_percentage: null };
  for (const [state, offered, other] of [
    ["idle", "Show the demo", "Stop the demo"],
    ["running", "Stop the demo", "Show the demo"],
  ] as const) {
    useSession.setState({ status: status({ state, source: state === "idle" ? null : source }) });
    render(<Page />);
    setPaletteOpen(true);
    await type("the demo");
    expect(screen.getByText(offered)).toBeTruthy();
    expect(screen.queryByText(other)).toBeNull();
    cleanup();
  }
  useSession.setState({ status: null });
});
