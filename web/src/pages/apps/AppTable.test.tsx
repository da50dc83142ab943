// @vitest-environment jsdom

import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";
import { afterEach, expect, it, vi } from "vitest";
import type { AppRow } from "../../generated/AppRow";
import { appStrings } from "../../lib/app-strings";
import { appRow } from "../../live/fixtures";
import { AppTable } from "./AppTable";

// Where a link leads is the router's matter; here it is only a name.
vi.mock("@tanstack/react-router", () => ({
  Link: ({ children, title }: { children: ReactNode; title: string }) => (
    <a href="/flows" title={title}>
      {children}
    </a>
  ),
}));

afterEach(cleanup);

const opened = vi.fn();
const sorted = vi.fn();

const REST = {
  flows: 3,
  active_flows: 1,
  bytes: 500,
  bytes_up: 120,
  bytes_down: 340,
  bps: 0,
  recent_bps: [0, 96],
};

function table(rows: readonly AppRow[], live = true) {
  return (
    <Tooltip.Provider>
      <AppTable
        rows={rows}
        unlabelled={REST}
        measure="session"
        whole={2_000}
        live={live}
        sort="share"
        rising={false}
        onSort={sorted}
        onOpen={opened}
      />
    </Tooltip.Provider>
  );
}

function firstCells(): string[] {
  return screen.getAllByRole("rowheader").map((cell) => cell.textContent ?? "");
}

it("a_row_says_share_rate_flows_and_what_told_it_and_leads_to_its_flows", () => {
  const told_by = [
    { kind: "tls_sni", flows: 12 },
    { kind: "dns", flows: 3 },
  ] as const;
  render(table([appRow("Netflix", { bytes: 1_500, flows: 15, active_flows: 2, told_by: [...told_by] })]));
  const row = screen.getByRole("row", { name: /Netflix/ });
  // 1,500 of 2,000 bytes.
  expect(row.textContent).toContain("75.0%");
  expect(row.textContent).toContain("800 b/s");
  expect(row.textContent).toContain("15 (2)");
  expect(row.textContent).toContain("TLS name 12, DNS answer 3");
  fireEvent.click(row);
  expect(opened).toHaveBeenLastCalledWith("Netflix");
  screen.getByTitle(appStrings.flowsOf("Netflix"));
});

it("what_has_no_label_stands_last_and_leads_to_its_flows", () => {
  render(table([appRow("Netflix")]));
  expect(firstCells()).toEqual(["Netflix", appStrings.unlabelled]);
  const row = screen.getByRole("row", { name: new RegExp(appStrings.unlabelled) });
  // 500 of 2,000 bytes.
  expect(row.textContent).toContain("25.0%");
  // Packets without a flow make the difference between both sides and all.
  for (const told of ["500 B", "120 B", "340 B", "3 (1)"]) expect(row.textContent).toContain(told);
  within(row).getByRole("img", { name: appStrings.recentOf("96 b/s") });
  fireEvent.click(row);
  expect(opened).toHaveBeenLastCalledWith("");
});

it("a_file_has_no_rates", () => {
  render(table([appRow("Netflix", { bps: null, recent_bps: [] })], false));
  expect(screen.queryByRole("columnheader", { name: appStrings.columns.rate })).toBeNull();
});

it("an_application_that_overtakes_another_waits_until_nobody_looks", () => {
  const { rerender, container } = render(table([appRow("A"), appRow("B")]));
  const around = container.firstElementChild;
  if (around === null) throw new Error("there is no table");
  fireEvent.pointerEnter(around);
  rerender(table([appRow("New"), appRow("B"), appRow("A")]));
  expect(firstCells().slice(0, 3)).toEqual(["A", "B", "New"]);
  fireEvent.pointerLeave(around);
  expect(firstCells().slice(0, 3)).toEqual(["New", "B", "A"]);
});

it("a_name_that_a_stranger_wrote_is_text_in_a_direction_of_its_own", () => {
  const name = "<img src=x onerror=alert(1)> \u202Egnp.exe";
  render(table([appRow(name)]));
  const shown = screen.getByText(name);
  expect(shown.tagName).toBe("BDI");
  expect(shown.title).toBe(name);
  expect(document.querySelector("tbody img")).toBeNull();
});
