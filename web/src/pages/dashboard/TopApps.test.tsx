// @vitest-environment jsdom

import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { strings } from "../../lib/strings";
import { appRow, appsTopic, totals } from "../../live/fixtures";
import { useSession } from "../../live/session";
import { TopApps } from "./TopApps";

const go = vi.fn();

// Where a link leads is the router's matter; here it is only a name.
vi.mock("@tanstack/react-router", () => ({
  Link: ({ children }: { children: ReactNode }) => <a href="/apps">{children}</a>,
  useNavigate: () => go,
}));

afterEach(cleanup);

it("the_largest_lead_to_their_flows_and_so_does_what_has_no_label", () => {
  const apps = Array.from({ length: 12 }, (_, n) => appRow(`App ${n + 1}`, { bytes: 1_200 - n * 100 }));
  const unlabelled = { flows: 1, packets: 1, bytes: 200 };
  render(
    <Tooltip.Provider>
      <TopApps topic={appsTopic(apps, { unlabelled })} className="" />
    </Tooltip.Provider>,
  );
  const rows = screen.getAllByRole("listitem").map((row) => row.textContent);
  expect(rows).toHaveLength(9);
  // 1,200 of 1,200 + 1,100 + … + 100 and 200 without a label, 8,000 in all.
  expect(rows[0]).toBe("App 115.0%1.20 kB");
  expect(rows[8]).toBe(`${strings.dashboard.unlabelled}2.5%200 B`);
  fireEvent.click(screen.getByTitle(strings.dashboard.flowsOfApp("App 1")));
  expect(go).toHaveBeenLastCalledWith({ to: "/flows", search: { app: "App 1" } });
  fireEvent.click(screen.getByTitle(strings.dashboard.flowsOfApp(strings.dashboard.unlabelled)));
  expect(go).toHaveBeenLastCalledWith({ to: "/flows", search: { app: "" } });
});

it("shares_are_of_all_bytes_where_applications_are_left_out", () => {
  const all = totals();
  useSession.setState({ totals: { ...all, traffic: { ...all.traffic, bytes: 4_000 } } });
  render(
    <Tooltip.Provider>
      <TopApps topic={appsTopic([appRow("App", { bytes: 1_000 })], { omitted: 9 })} className="" />
    </Tooltip.Provider>,
  );
  // 1,000 of 4,000 bytes.
  expect(screen.getByRole("listitem").textContent).toContain("25.0%");
});
