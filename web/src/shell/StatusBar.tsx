/** The line at the bottom: what is going on, and how much of it. */

import { useEffect, useRef } from "react";
import { StateDot } from "../components/StateDot";
import type { Status } from "../generated/Status";
import { count, elapsed } from "../lib/format";
import { strings } from "../lib/strings";
import { bus } from "../live/bus";
import { model } from "../live/model";
import { useSession } from "../live/session";
import type { Connection } from "../live/wire";
import { setPaletteOpen } from "./palette-state";
import { useShortcutChoice } from "./shortcuts";
import { type StateWords, stateWords } from "./state-words";

/** The key beside which K opens the palette. */
const MODIFIER = navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl";

const PAINT_EVERY_MS = 250;

export function StatusBar() {
  const connection = useSession((session) => session.connection);
  const status = useSession((session) => session.status);
  const skipped = useSession((session) => session.skipped);
  const singleKeys = useShortcutChoice((choice) => choice.singleKeys);
  const { tone, words } = wordsOf(connection, status);
  return (
    <footer className="col-span-2 flex min-w-0 items-center gap-3 overflow-hidden whitespace-nowrap border-line border-t bg-panel px-3 text-fg-2 text-meta">
      <span className="inline-flex items-center gap-1.5 text-fg">
        <StateDot tone={tone} />
        {words}
      </span>
      <Totals />
      {skipped > 0 && <span className="max-sm:hidden">{strings.status.skipped(count(skipped))}</span>}
      <span className="ml-auto inline-flex items-center gap-3 whitespace-pre text-fg-3 max-md:hidden">
        <button
          type="button"
          className="inline-flex h-6 items-center gap-1.5 hover:text-fg focus-visible:-outline-offset-1"
          onClick={() => setPaletteOpen(true)}
        >
          <kbd className="key leading-4">{MODIFIER} K</kbd>
          {strings.status.commands}
        </button>
        {singleKeys && strings.status.hint}
      </span>
    </footer>
  );
}

function Totals() {
  const numbers = useRef<HTMLSpanElement>(null);
  const drops = useRef<HTMLSpanElement>(null);
  useEffect(
    () =>
      bus.view(
        ["totals"],
        () => {
          if (numbers.current !== null) numbers.current.textContent = numbersText();
          if (drops.current !== null) {
            drops.current.textContent = dropsText();
            drops.current.toggleAttribute("data-warn", dropped());
          }
        },
        { every_ms: PAINT_EVERY_MS },
      ),
    [],
  );
  return (
    <>
      <span ref={numbers} className="whitespace-pre" />
      <span
        ref={drops}
        className="whitespace-pre data-warn:font-medium data-warn:text-warn max-sm:not-data-warn:hidden"
      />
    </>
  );
}

function numbersText(): string {
  const { totals } = model.latest;
  if (totals === null || totals.traffic.packets === 0) return "";
  return [
    elapsed(totals.elapsed_s),
    strings.status.packets(count(totals.traffic.packets)),
    strings.status.openFlows(count(totals.flows.open)),
  ].join("   ");
}

function dropsText(): string {
  const traffic = model.latest.totals?.traffic;
  if (traffic === undefined) return "";
  const parts = [];
  if (traffic.kernel_drops !== null) parts.push(strings.status.kernelDrops(count(traffic.kernel_drops)));
  if (traffic.interface_drops !== null && traffic.interface_drops > 0) {
    parts.push(strings.status.interfaceDrops(count(traffic.interface_drops)));
  }
  return dropped() ? `▲ ${parts.join("   ")}` : parts.join("   ");
}

function dropped(): boolean {
  const traffic = model.latest.totals?.traffic;
  return (traffic?.kernel_drops ?? 0) > 0 || (traffic?.interface_drops ?? 0) > 0;
}

function wordsOf(connection: Connection, status: Status | null): StateWords {
  const { states } = strings;
  if (connection.state === "closed") return { tone: "warn", words: states.lost };
  if (connection.state !== "open" || status === null) return { tone: "none", words: states.connecting };
  return stateWords(status);
}
