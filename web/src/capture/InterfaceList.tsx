/** The interfaces of the machine as a list to choose from, each with its traffic. */

import { RadioGroup } from "radix-ui";
import { Sparkline } from "../components/Sparkline";
import { StateDot, type Tone } from "../components/StateDot";
import { bitRateText } from "../lib/format";
import { strings } from "../lib/strings";
import type { InterfaceView, InterfaceList as List } from "../live/interfaces";
import { choose, useControls } from "./controls";

const SPARKLINE_READINGS = 60;

interface Props {
  list: List;
  disabled?: boolean;
  onChosen?: () => void;
  /** A problem that is told elsewhere, once for all interfaces that share it. */
  told?: string | null;
}

export function InterfaceList({ list, disabled = false, onChosen, told = null }: Props) {
  const chosen = useControls((controls) => controls.chosen);
  if (list.views === null) return list.problem === null ? <Loading /> : <Problem text={list.problem} />;
  if (list.views.length === 0) return <p className="px-2 py-3 text-fg-2">{strings.firstRun.none}</p>;
  return (
    <RadioGroup.Root
      aria-label={strings.capture.interfaces}
      value={chosen ?? ""}
      disabled={disabled}
      onValueChange={(name) => {
        choose(name);
        onChosen?.();
      }}
      className="flex flex-col gap-0.5"
    >
      {list.views.map((view) => (
        <Item key={view.row.name} view={view} told={told} />
      ))}
    </RadioGroup.Root>
  );
}

function Item({ view, told }: { view: InterfaceView; told: string | null }) {
  const { row, rate_bps, rates_bps } = view;
  const refused = row.may_capture === false;
  // A missing right is mended by one command for all interfaces, which stands above the list.
  const isTold = row.capture_problem === told || (told !== null && row.remedy !== null);
  return (
    <RadioGroup.Item
      value={row.name}
      disabled={refused}
      className="group flex w-full items-center gap-3 rounded-md px-2 py-1.5 text-left hover:bg-raised data-[state=checked]:bg-raised"
    >
      <span className="grid size-4 shrink-0 place-items-center rounded-full border border-line-strong group-data-[state=checked]:border-accent">
        <RadioGroup.Indicator className="size-2 rounded-full bg-accent" />
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-x-1.5">
          <span className="font-medium">{row.name}</span>
          <StateDot tone={toneOf(view)} />
          {/* libpcap needs no word: it is what captures where nobody asked for anything else. */}
          {row.engines.includes("tshark") && (
            <span className="rounded-full border border-line-strong px-1.5 text-fg-2 text-meta leading-4">
              {strings.interface.viaTshark}
            </span>
          )}
          <span className="text-meta text-fg-3">{stateOf(view)}</span>
        </span>
        <span className="mono block truncate text-fg-2" title={row.addresses.join(", ")}>
          {row.addresses.length === 0 ? strings.interface.noAddress : row.addresses.join(", ")}
        </span>
        {refused && row.capture_problem !== null && !isTold && (
          <span className="block text-meta text-fg-2">{row.capture_problem}</span>
        )}
      </span>
      <span className="flex shrink-0 flex-col items-end">
        <Sparkline values={rates_bps} most={SPARKLINE_READINGS} label={strings.interface.traffic(row.name)} />
        <span className="text-meta text-fg-3">{bitRateText(rate_bps)}</span>
      </span>
    </RadioGroup.Item>
  );
}

function toneOf({ row }: InterfaceView): Tone {
  if (row.may_capture === false) return "warn";
  return row.state === "up" ? "ok" : "none";
}

function stateOf({ row }: InterfaceView): string {
  const words: string[] = [strings.interface[row.state]];
  if (row.loopback) words.push(strings.interface.loopback);
  if (row.may_capture === false) words.push(strings.interface.noCapture);
  if (row.description !== null) words.push(row.description);
  return words.join(" · ");
}

function Loading() {
  return (
    <div className="flex flex-col gap-2 p-2">
      <span className="sr-only">{strings.firstRun.loading}</span>
      {["first", "second", "third"].map((key) => (
        <div key={key} className="skeleton h-9" />
      ))}
    </div>
  );
}

function Problem({ text }: { text: string }) {
  return <p className="px-2 py-3 text-crit">{text}</p>;
}
