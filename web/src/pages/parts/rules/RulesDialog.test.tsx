// @vitest-environment jsdom

import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ruleStrings } from "../../../lib/rule-strings";
import { Refused, setRules } from "../../../live/client";
import { appRow, appsTopic, flowListed, initialState } from "../../../live/fixtures";
import { model } from "../../../live/model";
import { useSession } from "../../../live/session";
import { RulesDialog } from "./RulesDialog";

vi.mock("../../../live/client", async (load) => ({
  ...(await load<typeof import("../../../live/client")>()),
  setRules: vi.fn(),
}));

const sent = vi.mocked(setRules);
const OLD = { app: "Old", match: "old.example", category: null };

beforeEach(() => {
  sent.mockReset().mockResolvedValue();
  const apps = appsTopic([appRow("Netflix", { category: "Video" })], { rules: [OLD] });
  model.begin({ type: "initial_state", ...initialState({ apps }) });
  useSession.setState({ apps });
});
afterEach(cleanup);

const FLOW = flowListed(1, { hostname: "www.cam.example", server: "192.0.2.7" });

function open() {
  return render(<RulesDialog flow={FLOW} onClose={vi.fn()} />);
}

function type(label: string, value: string) {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
}

function press(name: string) {
  fireEvent.click(screen.getByRole("button", { name }));
}

it("a_flow_is_labelled_by_its_name_which_can_be_shortened", async () => {
  open();
  expect(screen.getByLabelText<HTMLInputElement>(ruleStrings.matches).value).toBe("www.cam.example");
  type(ruleStrings.app, "Camera");
  type(ruleStrings.category, "IoT");
  type(ruleStrings.matches, "cam.example");
  press(ruleStrings.add);
  const made = { app: "Camera", match: "cam.example", category: "IoT" };
  await waitFor(() => expect(sent).toHaveBeenCalledWith([made, OLD]));
  await screen.findByRole("button", { name: ruleStrings.remove("Camera", "cam.example") });
});

it("an_application_that_was_seen_keeps_its_category", async () => {
  open();
  type(ruleStrings.app, "netflix");
  expect(screen.queryByLabelText(ruleStrings.category)).toBeNull();
  fireEvent.click(screen.getByTitle("192.0.2.7"));
  press(ruleStrings.add);
  const made = { app: "netflix", match: "192.0.2.7", category: null };
  await waitFor(() => expect(sent).toHaveBeenCalledWith([made, OLD]));
});

it("what_is_missing_and_what_the_program_refuses_is_said_at_its_field", async () => {
  open();
  type(ruleStrings.matches, "");
  press(ruleStrings.add);
  expect(sent).not.toHaveBeenCalled();
  screen.getByText(ruleStrings.appMissing);
  screen.getByText(ruleStrings.matchMissing);
  sent.mockRejectedValue(new Refused("rule 1: tcp/99999 is no port", "bad_request"));
  type(ruleStrings.app, "Netflix");
  type(ruleStrings.matches, "tcp/99999");
  press(ruleStrings.add);
  await screen.findByText("tcp/99999 is no port");
  expect(screen.getByLabelText(ruleStrings.matches).getAttribute("aria-invalid")).toBe("true");
  // What was typed is still there to be mended.
  expect(screen.getByLabelText<HTMLInputElement>(ruleStrings.app).value).toBe("Netflix");
});

it("rules_that_somebody_else_made_meanwhile_stay", async () => {
  open();
  const theirs = { app: "Theirs", match: "192.0.2.9", category: null };
  model.begin({ type: "initial_state", ...initialState({ apps: appsTopic([], { rules: [theirs] }) }) });
  type(ruleStrings.app, "Netflix");
  press(ruleStrings.add);
  const made = { app: "Netflix", match: "www.cam.example", category: null };
  await waitFor(() => expect(sent).toHaveBeenCalledWith([made, theirs]));
  await screen.findByRole("button", { name: ruleStrings.remove("Theirs", "192.0.2.9") });
});

it("a_label_for_a_flow_closes_the_dialog", async () => {
  const close = vi.fn();
  render(<RulesDialog flow={FLOW} onClose={close} />);
  type(ruleStrings.app, "Camera");
  press(ruleStrings.add);
  await waitFor(() => expect(close).toHaveBeenCalled());
});

it("a_press_on_a_rule_changes_it_at_its_place_and_says_so", async () => {
  const rules = [
    { app: "First", match: "192.0.2.1", category: null },
    { ...OLD, category: "Work" },
  ];
  model.begin({ type: "initial_state", ...initialState({ apps: appsTopic([], { rules }) }) });
  const close = vi.fn();
  render(<RulesDialog onClose={close} />);
  fireEvent.click(screen.getByTitle(ruleStrings.edit("Old", "old.example")));
  expect(screen.getByLabelText<HTMLInputElement>(ruleStrings.app).value).toBe("Old");
  type(ruleStrings.matches, "https://new.example/path");
  press(ruleStrings.change);
  const changed = { app: "Old", match: "new.example", category: "Work" };
  await waitFor(() => expect(sent).toHaveBeenCalledWith([rules[0], changed]));
  await screen.findByText(ruleStrings.done("Old"));
  expect(close).not.toHaveBeenCalled();
  expect(screen.getByLabelText<HTMLInputElement>(ruleStrings.app).value).toBe("");
});

it("a_hidden_rule_is_said_to_be_so_until_it_is_moved_up", async () => {
  const wide = { app: "Wide", match: "192.0.2.0/24", category: null };
  const narrow = { app: "Narrow", match: "192.0.2.7", category: null };
  const rules = [wide, narrow];
  model.begin({ type: "initial_state", ...initialState({ apps: appsTopic([], { rules }) }) });
  render(<RulesDialog onClose={vi.fn()} />);
  screen.getByText(ruleStrings.hidden("Wide", "192.0.2.0/24"));
  press(ruleStrings.up("Narrow", "192.0.2.7"));
  await waitFor(() => expect(sent).toHaveBeenCalledWith([narrow, wide]));
  await waitFor(() => expect(screen.queryByText(ruleStrings.hidden("Wide", "192.0.2.0/24"))).toBeNull());
});

it("closing_gives_the_focus_back_to_what_opened_it", async () => {
  const opener = document.body.appendChild(document.createElement("button"));
  opener.focus();
  const { unmount } = open();
  await waitFor(() => expect(document.activeElement).not.toBe(opener));
  unmount();
  await waitFor(() => expect(document.activeElement).toBe(opener));
  opener.remove();
});

it("a_rule_is_removed_and_the_rest_stays", async () => {
  open();
  press(ruleStrings.remove("Old", "old.example"));
  await waitFor(() => expect(sent).toHaveBeenCalledWith([]));
  await screen.findByText(ruleStrings.none);
});
