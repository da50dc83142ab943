// @vitest-environment jsdom

import { cleanup, renderHook } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { status } from "./fixtures";
import { useSession } from "./session";
import { useTitle } from "./title";

afterEach(cleanup);

it("the_title_names_the_page_and_says_where_its_numbers_are_made_up", () => {
  const source = { kind: "demo" as const, name: "demo", progress_percentage: null };
  useSession.setState({ status: status({ state: "running", source }) });
  renderHook(() => useTitle("Dashboard"));
  expect(document.title).toBe("Dashboard · Demo · netsonde");
  cleanup();
  useSession.setState({ status: status() });
  renderHook(() => useTitle("Dashboard"));
  expect(document.title).toBe("Dashboard · netsonde");
});
