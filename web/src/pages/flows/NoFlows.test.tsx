// @vitest-environment jsdom

import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { flowStrings } from "../../lib/flow-strings";
import { Refused } from "../../live/client";
import { status } from "../../live/fixtures";
import { useSession } from "../../live/session";
import { FlowList, type FlowOrder } from "./flow-list";
import { NoFlows } from "./NoFlows";

afterEach(cleanup);

const ORDER: FlowOrder = {
  sort: "bytes",
  descending: true,
  text: "gibberish",
  protocol: null,
  app: null,
  active: false,
};

it("a_first_question_that_is_refused_says_why_and_offers_a_way_out", async () => {
  const changed = vi.fn();
  const list = new FlowList(
    () => Promise.reject(new Refused("gibberish means nothing", "bad_request")),
    changed,
  );
  list.arrange(ORDER);
  await vi.waitFor(() => expect(changed).toHaveBeenCalled());
  useSession.setState({ status: status({ session: 1, state: "running" }) });
  const clear = vi.fn();
  render(<NoFlows list={list} order={ORDER} onClear={clear} />);
  screen.getByText(flowStrings.refused);
  screen.getByText("gibberish means nothing");
  screen.getByRole("button", { name: flowStrings.clearAll }).click();
  expect(clear).toHaveBeenCalledOnce();
});
