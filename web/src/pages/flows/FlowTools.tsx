/** What stands over the list of flows: which ones, which columns, how many, and the file. */

import { Columns3, Download } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { Choice } from "../../components/Choice";
import { announce } from "../../lib/announce";
import { download, fileName } from "../../lib/download";
import { flowStrings } from "../../lib/flow-strings";
import { count } from "../../lib/format";
import { strings } from "../../lib/strings";
import { csvOf } from "../../lib/table";
import { findFlows, reasonOf } from "../../live/client";
import { useSession } from "../../live/session";
import { COLUMNS, type ColumnId, fileColumns, type ListColumn } from "./columns";
import { type FlowList, type FlowOrder, flowsForFile, MOST_SAVED } from "./flow-list";

/** Beside an open sheet buttons are their icons, so that all of them stand in one row. */
const NAMED = "@max-2xl:sr-only";

interface ScopeProps {
  active: boolean;
  onActive: (active: boolean) => void;
}

const SCOPES = [
  { value: "all", label: flowStrings.all },
  { value: "active", label: flowStrings.active, hint: flowStrings.activeHint },
] as const;

/** All flows, or those that speak. */
export function Scope({ active, onActive }: ScopeProps) {
  return (
    <Choice
      label={flowStrings.scope}
      choices={SCOPES}
      chosen={active ? "active" : "all"}
      onChoose={(scope) => onActive(scope === "active")}
    />
  );
}

interface ProtocolProps {
  protocol: string;
  onProtocol: (protocol: string) => void;
}

/** Flows of one protocol: the highest that was recognised, or what carries it. */
export function ProtocolChoice({ protocol, onProtocol }: ProtocolProps) {
  const seen = useSession((session) => session.protocols);
  const names = new Set(["TCP", "UDP", ...(seen?.protocols.map(({ name }) => name) ?? [])]);
  if (protocol !== "") names.add(protocol);
  return (
    <select
      aria-label={flowStrings.protocol}
      className="field max-w-36 pr-1 text-fg-2"
      value={protocol}
      onChange={(event) => onProtocol(event.target.value)}
    >
      <option value="">{flowStrings.anyProtocol}</option>
      {[...names].map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}

interface ColumnsProps {
  shown: readonly ListColumn[];
  onColumns: (columns: readonly ColumnId[] | null) => void;
}

export function ColumnChoice({ shown, onColumns }: ColumnsProps) {
  const on = shown.map(({ id }) => id);
  const toggle = (id: ColumnId) =>
    onColumns(on.includes(id) ? on.filter((other) => other !== id) : [...on, id]);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="button" title={flowStrings.columns.choose}>
        <Columns3 size={14} aria-hidden="true" />
        <span className={NAMED}>{flowStrings.columns.choose}</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className="popup appear z-40 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-auto p-1"
        >
          {COLUMNS.map(({ id, label, hint }) => (
            <DropdownMenu.CheckboxItem
              key={id}
              checked={on.includes(id)}
              // A list without any column shows nothing.
              disabled={on.length === 1 && on.includes(id)}
              title={hint}
              className="menu-item h-7!"
              onSelect={(event) => {
                event.preventDefault();
                toggle(id);
              }}
            >
              <span className="grid size-4 place-items-center rounded-sm border border-line-strong">
                <DropdownMenu.ItemIndicator className="size-2 rounded-xs bg-accent" />
              </span>
              {label}
            </DropdownMenu.CheckboxItem>
          ))}
          <DropdownMenu.Separator className="my-1 border-line border-t" />
          <DropdownMenu.Item className="menu-item" onSelect={() => onColumns(null)}>
            {flowStrings.columns.reset}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** How many flows fit, and how many there are. */
export function Counts({ list }: { list: FlowList }) {
  const dropped = useSession(
    ({ totals }) => (totals?.traffic.kernel_drops ?? 0) + (totals?.traffic.interface_drops ?? 0) > 0,
  );
  const { matched, total, forgotten } = list;
  if (matched === null) return null;
  const all = count(total);
  return (
    <span
      className="shrink-0 text-fg-2"
      title={forgotten > 0 ? flowStrings.forgotten(count(forgotten)) : undefined}
    >
      {dropped && (
        <span title={strings.dashboard.dropsHint} className="mr-2 font-semibold text-meta text-warn">
          ▲ {strings.dashboard.drops}
        </span>
      )}
      {matched === total ? flowStrings.allOf(all) : flowStrings.of(count(matched), all)}
      {forgotten > 0 && <span className="text-fg-3"> +{count(forgotten)}</span>}
    </span>
  );
}

/** Saves what is shown: these flows in this order, these columns, and who each is with. */
export function SaveButton({ order, columns }: { order: FlowOrder; columns: readonly ListColumn[] }) {
  const [saving, setSaving] = useState(false);
  const save = async () => {
    setSaving(true);
    try {
      const flows = await flowsForFile(order, findFlows);
      const saved = fileColumns(columns);
      const text = csvOf({
        columns: saved.map(({ label, unit }) => ({ label, ...(unit === undefined ? {} : { unit }) })),
        rows: () => flows.map((flow) => saved.map(({ cell }) => cell(flow))),
      });
      download(new Blob([text], { type: "text/csv" }), fileName(flowStrings.label, "csv", new Date()));
    } catch (error) {
      announce(flowStrings.csvFailed(reasonOf(error)));
    } finally {
      setSaving(false);
    }
  };
  return (
    <button
      type="button"
      className="button"
      disabled={saving}
      title={flowStrings.csvHint(count(MOST_SAVED))}
      onClick={() => void save()}
    >
      <Download size={14} aria-hidden="true" />
      <span className={NAMED}>{saving ? flowStrings.saving : flowStrings.csv}</span>
    </button>
  );
}
