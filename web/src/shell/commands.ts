/** Everything that can be done by name: the palette lists it, and the keys do it. */

import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import {
  interfaceOf,
  isBusy,
  leaveSource,
  resetSession,
  showDemo,
  start,
  stop,
  useControls,
} from "../capture/controls";
import { chooseFile } from "../capture/OpenCapture";
import type { SourceKind } from "../generated/SourceKind";
import { DENSITIES, setDensity, useDensity } from "../lib/density";
import { focusFilter } from "../lib/focus";
import { strings } from "../lib/strings";
import { pause, useSession } from "../live/session";
import { PRESETS_S, shortLength } from "../range/range";
import { backToLive, setPickerOpen, setRange, step, useRange, zoomBack } from "../range/store";
import { setHelpOpen, setSingleKeys, useShortcutChoice } from "./shortcuts";
import { THEME_LABELS } from "./ThemeMenu";
import { setTheme, THEMES, useTheme } from "./theme";

export interface Command {
  id: string;
  group: keyof typeof strings.commands.groups;
  label: string;
  /** As shortcuts are written: `g d` for one key after the other. */
  keys?: string;
  run: () => void;
  /** Whether it means anything at this moment; left out where it always does. */
  when?: () => boolean;
}

type Go = (
  to:
    | "/"
    | "/live"
    | "/flows"
    | "/hosts"
    | "/apps"
    | "/protocols"
    | "/composition"
    | "/map"
    | "/summaries"
    | "/findings"
    | "/report",
) => void;

function status() {
  return useSession.getState().status;
}

function isFrom(kind: SourceKind): boolean {
  return status()?.source?.kind === kind;
}

function isPlaying(): boolean {
  return isFrom("demo") && isBusy(status());
}

function isSummarizing(): boolean {
  return status()?.summarizing ?? false;
}

function isPaused(): boolean {
  return useSession.getState().pausedAtPackets !== null;
}

function togglePause(): void {
  if (isPaused()) backToLive();
  else if (status()?.state === "running") pause();
}

function pageCommands(go: Go, toCalls: () => void): Command[] {
  const { commands } = strings;
  const filter = () => {
    if (!focusFilter()) go("/live");
  };
  return [
    {
      id: "dashboard",
      group: "pages",
      label: commands.goTo(strings.pages.dashboard),
      keys: "g d",
      run: () => go("/"),
    },
    {
      id: "live",
      group: "pages",
      label: commands.goTo(strings.pages.live),
      keys: "g l",
      run: () => go("/live"),
    },
    {
      id: "flows",
      group: "pages",
      label: commands.goTo(strings.pages.flows),
      keys: "g f",
      run: () => go("/flows"),
    },
    {
      id: "hosts",
      group: "pages",
      label: commands.goTo(strings.pages.hosts),
      keys: "g h",
      run: () => go("/hosts"),
    },
    {
      id: "apps",
      group: "pages",
      label: commands.goTo(strings.pages.apps),
      keys: "g a",
      run: () => go("/apps"),
    },
    {
      id: "protocols",
      group: "pages",
      label: commands.goTo(strings.pages.protocols),
      keys: "g p",
      run: () => go("/protocols"),
    },
    { id: "calls", group: "pages", label: strings.commands.goToCalls, run: toCalls },
    {
      id: "composition",
      group: "pages",
      label: commands.goTo(strings.pages.composition),
      keys: "g c",
      run: () => go("/composition"),
    },
    {
      id: "map",
      group: "pages",
      label: commands.goTo(strings.pages.map),
      keys: "g m",
      run: () => go("/map"),
    },
    {
      id: "summaries",
      group: "pages",
      label: commands.goTo(strings.pages.summaries),
      keys: "g s",
      run: () => go("/summaries"),
    },
    {
      id: "findings",
      group: "pages",
      label: commands.goTo(strings.pages.findings),
      keys: "g e",
      run: () => go("/findings"),
    },
    {
      id: "report",
      group: "pages",
      label: commands.goTo(strings.pages.report),
      keys: "g r",
      run: () => go("/report"),
    },
    { id: "filter", group: "pages", label: strings.packets.filterLabel, keys: "/", run: filter },
  ];
}

const CAPTURE: readonly Command[] = [
  {
    id: "start",
    group: "capture",
    label: strings.commands.start,
    run: start,
    when: () =>
      !isBusy(status()) && !isSummarizing() && interfaceOf(useControls.getState().chosen, status()) !== null,
  },
  {
    id: "stop",
    group: "capture",
    label: strings.commands.stop,
    run: stop,
    when: () => status()?.state === "running" && isFrom("interface"),
  },
  { id: "open", group: "capture", label: strings.commands.open, run: chooseFile },
  {
    id: "demo",
    group: "capture",
    label: strings.demo.show,
    run: showDemo,
    when: () => !isPlaying() && !isSummarizing(),
  },
  { id: "stop-demo", group: "capture", label: strings.demo.stop, run: stop, when: isPlaying },
  {
    id: "close",
    group: "capture",
    label: strings.commands.close,
    run: leaveSource,
    when: () => isFrom("file"),
  },
  {
    id: "reset",
    group: "capture",
    label: strings.capture.reset,
    run: resetSession,
    when: () => (status()?.session ?? 0) > 0 && !isBusy(status()) && !isSummarizing() && !isFrom("file"),
  },
];

function leaveDemo(go: Go): Command {
  const run = () => {
    leaveSource();
    go("/");
  };
  return { id: "leave-demo", group: "capture", label: strings.demo.leave, run, when: () => isFrom("demo") };
}

const TIME: readonly Command[] = [
  { id: "pause", group: "time", label: strings.commands.pause, keys: " ", run: togglePause },
  { id: "back-to-live", group: "time", label: strings.commands.backToLive, keys: "Escape", run: backToLive },
  { id: "range", group: "time", label: strings.commands.range, keys: "t", run: () => setPickerOpen(true) },
  { id: "earlier", group: "time", label: strings.commands.earlier, keys: "[", run: () => step(-1) },
  { id: "later", group: "time", label: strings.commands.later, keys: "]", run: () => step(1) },
  {
    id: "zoom-back",
    group: "time",
    label: strings.range.zoomBack,
    run: zoomBack,
    when: () => useRange.getState().earlier.length > 0,
  },
  ...PRESETS_S.map(
    (seconds): Command => ({
      id: `range-${seconds}`,
      group: "time",
      label: strings.commands.show(strings.range.last(shortLength(seconds))),
      run: () => setRange({ kind: "following", seconds }),
    }),
  ),
  {
    id: "range-whole",
    group: "time",
    label: strings.commands.show(strings.range.wholeSession),
    run: () => setRange({ kind: "whole" }),
  },
];

const LOOKS: readonly Command[] = [
  ...THEMES.map(
    (theme): Command => ({
      id: `theme-${theme}`,
      group: "looks",
      label: strings.commands.theme(THEME_LABELS[theme]),
      run: () => setTheme(theme),
      when: () => useTheme.getState().theme !== theme,
    }),
  ),
  ...DENSITIES.map(
    (density): Command => ({
      id: `density-${density}`,
      group: "looks",
      label: strings.commands.density(strings.density[density]),
      run: () => setDensity(density),
      when: () => useDensity.getState().density !== density,
    }),
  ),
  { id: "help", group: "looks", label: strings.help.open, keys: "?", run: () => setHelpOpen(true) },
  {
    id: "keys-off",
    group: "looks",
    label: strings.commands.keysOff,
    run: () => setSingleKeys(false),
    when: () => useShortcutChoice.getState().singleKeys,
  },
  {
    id: "keys-on",
    group: "looks",
    label: strings.commands.keysOn,
    run: () => setSingleKeys(true),
    when: () => !useShortcutChoice.getState().singleKeys,
  },
];

/** Every command, in the order of the palette; the same list from render to render. */
export function useCommands(): readonly Command[] {
  const navigate = useNavigate();
  return useMemo(() => {
    const go: Go = (to) => void navigate({ to, search: {} });
    const toCalls = () => void navigate({ to: "/protocols", search: { view: "calls" } });
    return [...pageCommands(go, toCalls), ...TIME, ...CAPTURE, leaveDemo(go), ...LOOKS];
  }, [navigate]);
}
