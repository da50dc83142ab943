import { expect, it } from "vitest";
import { likeness, search } from "./command-search";

const COMMANDS = [
  "Go to Dashboard",
  "Go to Live traffic",
  "Pause or resume the view",
  "Show last 10m",
  "Show last 1m",
  "Stop the capture",
].map((label) => ({ label }));

function found(query: string): string[] {
  return search(query, COMMANDS).map(({ label }) => label);
}

it("nothing_typed_is_everything_in_order", () => {
  expect(found(" ")).toEqual(COMMANDS.map(({ label }) => label));
});

it("every_typed_word_must_be_found", () => {
  expect(found("go live")).toEqual(["Go to Live traffic"]);
  expect(found("go nowhere")).toEqual([]);
});

it("a_whole_word_comes_before_its_beginning_and_that_before_its_middle", () => {
  expect(found("1m")).toEqual(["Show last 1m"]);
  expect(found("la")[0]).toBe("Show last 10m");
  expect(likeness("stop", "Stop the capture")).toBeGreaterThan(likeness("st", "Stop the capture"));
  expect(likeness("st", "Stop the capture")).toBeGreaterThan(likeness("tur", "Stop the capture"));
});

it("first_letters_are_enough", () => {
  expect(found("gtl")).toEqual(["Go to Live traffic"]);
});
