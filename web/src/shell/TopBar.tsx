/** The capture controls: where packets come from, which of them, start and stop. */

import { ChevronDown, FileText, Moon, Pause, Play, RotateCcw, Square, Sun } from "lucide-react";
import { DropdownMenu, Popover } from "radix-ui";
import { useState } from "react";
import { closeFile, isBusy, resetSession, start, stop, useControls } from "../capture/controls";
import { FilterField } from "../capture/FilterField";
import { InterfaceList } from "../capture/InterfaceList";
import { OpenCapture } from "../capture/OpenCapture";
import { StateDot } from "../components/StateDot";
import type { Status } from "../generated/Status";
import { strings } from "../lib/strings";
import { useInterfaces } from "../live/interfaces";
import { pause, resume, useSession } from "../live/session";
import { MoreMenu } from "./MoreMenu";
import { setTheme, THEMES, type Theme, useTheme } from "./theme";

const THEME_LABELS: Record<Theme, string> = {
  dark: strings.theme.dark,
  light: strings.theme.light,
  system: strings.theme.system,
};

export function TopBar() {
  const status = useSession((session) => session.status);
  const file = status?.source?.kind === "file";
  return (
    <div className="flex h-12 shrink-0 items-center gap-2 border-line border-b px-2 sm:px-4">
      {status !== null && file ? <FileName status={status} /> : <InterfaceChoice status={status} />}
      {!file && <FilterField className="hidden w-64 min-w-0 shrink lg:block" />}
      {file ? <CloseButton /> : <StartStop status={status} />}
      <ResetButton status={status} className="max-sm:hidden" />
      <OpenCapture className="max-md:hidden" />
      <div className="ml-auto flex items-center gap-2">
        <PauseButton />
        <ThemeMenu />
        <MoreMenu canReset={canReset(status)} />
      </div>
    </div>
  );
}

function FileName({ status }: { status: Status }) {
  return (
    <span className="flex min-w-0 items-center gap-1.5 font-medium">
      <FileText size={15} aria-hidden="true" className="shrink-0 text-fg-3" />
      <span className="truncate" title={status.source?.name}>
        {status.source?.name}
      </span>
    </span>
  );
}

function InterfaceChoice({ status }: { status: Status | null }) {
  const [open, setOpen] = useState(false);
  const chosen = useControls((controls) => controls.chosen);
  const list = useInterfaces(open);
  const busy = isBusy(status);
  const name = busy ? (status?.source?.name ?? chosen) : chosen;
  const address = list.views?.find((view) => view.row.name === name)?.row.addresses[0];
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="button min-w-0 shrink-0">
        <StateDot tone={status?.state === "running" ? "ok" : "none"} />
        <span className="max-w-40 truncate text-fg">{name ?? strings.capture.chooseInterface}</span>
        {address !== undefined && <span className="hidden text-fg-3 xl:inline">{address}</span>}
        <ChevronDown size={14} aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={strings.capture.interfaces}
          className="popup appear z-40 max-h-[80vh] w-[440px] max-w-[94vw] overflow-auto p-1.5"
        >
          {busy && <p className="px-2 py-1.5 text-fg-2">{strings.capture.lockedWhileRunning}</p>}
          <InterfaceList list={list} disabled={busy} />
          <FilterField className="mt-1.5 lg:hidden" />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function StartStop({ status }: { status: Status | null }) {
  const pending = useControls((controls) => controls.pending);
  const chosen = useControls((controls) => controls.chosen);
  const connected = useSession((session) => session.connection.state === "open");
  if (status?.state === "running" || status?.state === "stopping") {
    const stopping = status.state === "stopping" || pending;
    return (
      <button type="button" className="button button-danger" disabled={stopping || !connected} onClick={stop}>
        <Square size={13} fill="currentColor" aria-hidden="true" />
        {stopping ? strings.capture.stopping : strings.capture.stop}
      </button>
    );
  }
  const starting = status?.state === "starting" || pending;
  const summarizing = status?.summarizing ?? false;
  return (
    <button
      type="button"
      className={chosen === null ? "button" : "button button-primary"}
      disabled={starting || summarizing || chosen === null || !connected}
      title={
        summarizing ? strings.capture.summarizing : chosen === null ? strings.capture.chooseFirst : undefined
      }
      onClick={start}
    >
      <Play size={13} fill="currentColor" aria-hidden="true" />
      {starting ? strings.capture.starting : strings.capture.start}
    </button>
  );
}

function CloseButton() {
  const pending = useControls((controls) => controls.pending);
  return (
    <button type="button" className="button" disabled={pending} onClick={closeFile}>
      <Square size={13} aria-hidden="true" />
      {strings.capture.close}
    </button>
  );
}

/** There is something to reset once a session was, and it may be while nothing of it is on its way. */
function canReset(status: Status | null): boolean {
  return status !== null && status.session > 0 && !isBusy(status) && !status.summarizing;
}

function ResetButton({ status, className }: { status: Status | null; className: string }) {
  if (status?.source?.kind === "file") return null;
  return (
    <button
      type="button"
      className={`button ${className}`}
      aria-label={strings.capture.reset}
      title={isBusy(status) ? strings.capture.resetWhileRunning : strings.capture.reset}
      disabled={!canReset(status)}
      onClick={resetSession}
    >
      <RotateCcw size={14} aria-hidden="true" />
    </button>
  );
}

function PauseButton() {
  const paused = useSession((session) => session.pausedAtPackets !== null);
  const running = useSession((session) => session.status?.state === "running");
  if (!running && !paused) return null;
  return (
    <button
      type="button"
      className="button"
      title={paused ? undefined : strings.view.pause}
      onClick={paused ? resume : pause}
    >
      {paused ? <Play size={13} aria-hidden="true" /> : <Pause size={13} aria-hidden="true" />}
      {paused ? strings.view.resume : strings.view.live}
    </button>
  );
}

const ITEM =
  "flex h-8 cursor-pointer items-center gap-2 rounded-md px-2 outline-none data-[highlighted]:bg-raised data-[disabled]:opacity-50";

function ThemeMenu() {
  const theme = useTheme((choice) => choice.theme);
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="button w-8 px-0" aria-label={strings.theme.label}>
        <Sun size={14} aria-hidden="true" className="[[data-theme=dark]_&]:hidden" />
        <Moon size={14} aria-hidden="true" className="[[data-theme=light]_&]:hidden" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} className="popup appear z-40 min-w-36 p-1">
          <DropdownMenu.RadioGroup value={theme}>
            {THEMES.map((name) => (
              <DropdownMenu.RadioItem
                key={name}
                value={name}
                className={ITEM}
                onSelect={() => setTheme(name)}
              >
                <span className="grid size-4 place-items-center">
                  <DropdownMenu.ItemIndicator className="size-2 rounded-full bg-accent" />
                </span>
                {THEME_LABELS[name]}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
