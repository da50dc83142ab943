import { expect, it } from "vitest";
import type { SourceKind } from "../generated/SourceKind";
import type { State } from "../generated/State";
import { status } from "../live/fixtures";
import { stateWords } from "./state-words";

function words(state: State, kind: SourceKind, name: string, summarizing = false): string {
  return stateWords(status({ state, summarizing, source: { kind, name, progress_percentage: null } })).words;
}

it("a_running_session_says_what_is_done_and_to_what", () => {
  expect(words("running", "interface", "eth0")).toBe("Capturing eth0");
  expect(words("running", "file", "office.pcap")).toBe("Reading office.pcap");
  expect(words("running", "demo", "demo")).toBe("Playing the demo");
});

it("the_demo_is_started_and_stopped_in_its_own_words", () => {
  expect(words("starting", "demo", "demo")).toBe("Starting the demo");
  expect(words("stopping", "demo", "demo")).toBe("Stopping the demo");
  expect(words("finished", "demo", "demo")).toBe("Demo stopped");
  expect(words("finished", "interface", "eth0")).toBe("Finished");
});

it("while_the_report_is_written_that_is_what_is_going_on", () => {
  expect(words("finished", "interface", "eth0", true)).toBe("Writing the report…");
});

it("without_a_session_there_is_nothing_to_name", () => {
  expect(stateWords(status())).toEqual({ tone: "none", words: "Ready" });
});
