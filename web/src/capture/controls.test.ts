// @vitest-environment jsdom

import { beforeEach, expect, it, vi } from "vitest";
import { Refused, startCapture, stopCapture } from "../live/client";
import { status, totals } from "../live/fixtures";
import { model } from "../live/model";
import { useSession } from "../live/session";
import { choose, interfaceOf, showDemo, start, useControls } from "./controls";

vi.mock(import("../live/client"), async (original) => ({
  ...(await original()),
  startCapture: vi.fn(),
  stopCapture: vi.fn(),
}));

beforeEach(() => {
  useControls.setState({ filterProblem: null, notice: null });
  useSession.setState({ status: status() });
  choose("eth0");
});

async function refuse(refused: Error): Promise<void> {
  vi.mocked(startCapture).mockRejectedValueOnce(refused);
  start();
  await vi.waitFor(() => expect(useControls.getState().pending).toBe(false));
}

it("a_refused_filter_is_told_at_its_field", async () => {
  await refuse(new Refused("syntax error", "bad_filter"));
  expect(useControls.getState().filterProblem).toBe("syntax error");
  expect(useControls.getState().notice).toBeNull();
});

it("a_missing_right_is_told_with_its_kind", async () => {
  await refuse(new Refused("not allowed", "no_permission"));
  expect(useControls.getState().notice).toEqual({ reason: "not allowed", code: "no_permission" });
});

it("a_program_that_is_away_is_a_notice_too", async () => {
  await refuse(new Refused("not connected"));
  expect(useControls.getState().notice).toEqual({ reason: "not connected", code: null });
});

it("start_means_the_chosen_interface_else_the_one_before", () => {
  const source = { kind: "interface" as const, name: "eth1", progress_percentage: null };
  expect(interfaceOf("eth0", status({ source }))).toBe("eth0");
  expect(interfaceOf(null, status({ source }))).toBe("eth1");
  expect(interfaceOf(null, status({ source: { ...source, kind: "file" } }))).toBeNull();
  expect(interfaceOf(null, status({ source: { ...source, kind: "demo" } }))).toBeNull();
});

it("the_demo_takes_the_place_of_measurements_only_when_that_is_wanted", async () => {
  vi.mocked(startCapture).mockReset().mockResolvedValue();
  vi.mocked(stopCapture).mockReset().mockResolvedValue();
  const source = { kind: "interface" as const, name: "eth0", progress_percentage: null };
  useSession.setState({ status: status({ state: "running", session: 1, source }) });
  const { traffic } = totals();
  model.take({
    type: "update",
    topic: "totals",
    sequence: 1,
    session: 1,
    data: totals({ traffic: { ...traffic, packets: 20 } }),
  });
  showDemo();
  expect(startCapture).not.toHaveBeenCalled();
  await useControls.getState().confirmation?.go();
  expect(stopCapture).toHaveBeenCalledTimes(1);
  expect(startCapture).toHaveBeenCalledWith("demo", "");
});

it("an_interface_takes_the_place_of_the_demo_without_a_question", async () => {
  vi.mocked(startCapture).mockReset().mockResolvedValue();
  useControls.setState({ confirmation: null });
  const source = { kind: "demo" as const, name: "demo", progress_percentage: null };
  useSession.setState({ status: status({ state: "finished", session: 1, source }) });
  start();
  await vi.waitFor(() => expect(startCapture).toHaveBeenCalledWith({ interface: "eth0" }, ""));
  expect(useControls.getState().confirmation).toBeNull();
});
