/** The capture controls: where packets come from, which of them, start and stop. */

import { ChevronDown, CirclePlay, FileText, Pause, Play, RotateCcw, Square } from "lucide-react";
import { Popover } from "radix-ui";
import { useState } from "react";
import {
  interfaceOf,
  isBusy,
  leaveSource,
  resetSession,
  start,
  stop,
  useControls,
} from "../capture/controls";
import { FilterField } from "../capture/FilterField";
import { InterfaceList } from "../capture/InterfaceList";
import { OpenCapture } from "../capture/OpenCapture";
import { StateDot } from "../components/StateDot";
import type { Status } from "../generated/Status";
import type { StatusSource } from "../generated/StatusSource";
import { strings } from "../lib/strings";
import { useInterfaces } from "../live/interfaces";
import { pause, useSession } from "../live/session";
import { RangePicker } from "../range/RangePicker";
import { backToLive } from "../range/store";
import { MoreMenu } from "./MoreMenu";
import { ThemeMenu } from "./ThemeMenu";

interface TopBarProps {
  /** Whether the page shows a range of time; one that shows the whole session offers none. */
  hasRange?: boolean;
}

export function TopBar({ hasRange = true }: TopBarProps) {
  const status = useSession((session) => session.status);
  const file = status?.source?.kind === "file";
  return (
    <div className="flex h-12 shrink-0 items-center gap-2 border-line border-b px-2 sm:px-4">
      {isNamed(status) ? <SourceName source={status.source} /> : <InterfaceChoice status={status} />}
      {!file && <FilterField className="hidden w-76 min-w-0 shrink lg:block" />}
      {file ? <CloseButton /> : <StartStop status={status} />}
      <ResetButton status={status} className="max-sm:hidden" />
      <OpenCapture className="max-md:hidden" />
      <div className="ml-auto flex items-center gap-2">
        {status !== null && status.session > 0 && hasRange && <RangePicker />}
        <PauseButton />
        <ThemeMenu className="max-sm:hidden" />
        <MoreMenu canReset={canReset(status)} />
      </div>
    </div>
  );
}

/** A file stays the choice until it is closed; the demo makes room for the interfaces as soon as it has stopped. */
function isNamed(status: Status | null): status is Status & { source: StatusSource } {
  return status?.source?.kind === "file" || (status?.source?.kind === "demo" && isBusy(status));
}

function SourceName({ source: { kind, name } }: { source: StatusSource }) {
  const Icon = kind === "demo" ? CirclePlay : FileText;
  const shown = kind === "demo" ? strings.demo.name : name;
  return (
    <span className="flex min-w-0 items-center gap-1.5 font-medium">
      <Icon size={15} aria-hidden="true" className="shrink-0 text-fg-3" />
      <span className="truncate" title={shown}>
        {shown}
      </span>
    </span>
  );
}

function InterfaceChoice({ status }: { status: Status | null }) {
  const [open, setOpen] = useState(false);
  const chosen = interfaceOf(
    useControls((controls) => controls.chosen),
    status,
  );
  const list = useInterfaces(open);
  const busy = isBusy(status);
  const name = busy ? (status?.source?.name ?? chosen) : chosen;
  const address = list.views?.find((view) => view.row.name === name)?.row.addresses[0];
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="button min-w-0 shrink">
        <StateDot tone={status?.state === "running" ? "ok" : "none"} />
        <span className="min-w-0 max-w-40 truncate text-fg">{name ?? strings.capture.chooseInterface}</span>
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
  const chosen = interfaceOf(
    useControls((controls) => controls.chosen),
    status,
  );
  const connected = useSession((session) => session.connection.state === "open");
  if (status?.state === "running" || status?.state === "stopping") {
    const stopping = status.state === "stopping" || pending;
    return (
      <button type="button" className="button button-danger" disabled={stopping || !connected} onClick={stop}>
        <Square size={13} fill="currentColor" aria-hidden="true" />
        <span className="max-[359px]:sr-only">
          {stopping ? strings.capture.stopping : strings.capture.stop}
        </span>
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
      <span className="max-[359px]:sr-only">
        {summarizing
          ? strings.states.summarizing
          : starting
            ? strings.capture.starting
            : strings.capture.start}
      </span>
    </button>
  );
}

function CloseButton() {
  const pending = useControls((controls) => controls.pending);
  return (
    <button type="button" className="button" disabled={pending} onClick={leaveSource}>
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
      aria-label={paused ? strings.view.resume : strings.view.livePause}
      onClick={paused ? backToLive : pause}
    >
      {paused ? <Play size={13} aria-hidden="true" /> : <Pause size={13} aria-hidden="true" />}
      <span className="max-sm:hidden">{paused ? strings.view.resume : strings.view.live}</span>
    </button>
  );
}
