/** What the person in front wants of a capture, and what happens when they press a button. */

import { create } from "zustand";
import type { RefusalCode } from "../generated/RefusalCode";
import type { SourceChoice } from "../generated/SourceChoice";
import type { Status } from "../generated/Status";
import { count, elapsed } from "../lib/format";
import { keep, kept } from "../lib/storage";
import { strings } from "../lib/strings";
import { Refused, reasonOf, reset, startCapture, stopCapture } from "../live/client";
import { model } from "../live/model";
import { useSession } from "../live/session";
import { uploadCapture } from "../live/upload";

export interface Confirmation {
  title: string;
  text: string;
  action: string;
  go: () => Promise<void>;
}

export interface Sending {
  name: string;
  /** How much is sent, 0 to 1. */
  ratio: number;
  cancel: () => void;
}

export interface Notice {
  reason: string;
  /** What kind of refusal it was, where the program said so. */
  code: RefusalCode | null;
}

export interface Controls {
  /** The interface to capture on, by its name in the list. */
  chosen: string | null;
  filter: string;
  /** What the program says about the filter. */
  filterProblem: string | null;
  /** Any other refusal, until it is dismissed or the next try. */
  notice: Notice | null;
  /** A request is on its way. */
  pending: boolean;
  sending: Sending | null;
  confirmation: Confirmation | null;
}

export const useControls = create<Controls>(() => ({
  chosen: kept("interface"),
  filter: "",
  filterProblem: null,
  notice: null,
  pending: false,
  sending: null,
  confirmation: null,
}));

export function choose(name: string): void {
  keep("interface", name);
  useControls.setState({ chosen: name, notice: null });
}

export function setFilter(filter: string): void {
  useControls.setState({ filter, filterProblem: null });
}

export function dismissNotice(): void {
  useControls.setState({ notice: null });
}

export function dismissConfirmation(): void {
  useControls.setState({ confirmation: null });
}

/** A session is busy while its packets come in or its end is on the way. */
export function isBusy(status: Status | null): boolean {
  return status?.state === "starting" || status?.state === "running" || status?.state === "stopping";
}

/** The interface to capture on: the chosen one, else the one that was captured on before. */
export function interfaceOf(chosen: string | null, status: Status | null): string | null {
  return chosen ?? (status?.source?.kind === "interface" ? status.source.name : null);
}

/** Starts on the chosen interface. */
export function start(): void {
  const chosen = interfaceOf(useControls.getState().chosen, useSession.getState().status);
  if (chosen === null) {
    useControls.setState({ notice: { reason: strings.capture.chooseFirst, code: null } });
    return;
  }
  const source: SourceChoice = { interface: chosen };
  askBeforeLosing({ title: strings.confirm.replaceTitle, action: strings.confirm.replace }, () =>
    begin(source),
  );
}

export function stop(): void {
  void attempt(stopCapture);
}

export function resetSession(): void {
  askBeforeLosing({ title: strings.confirm.resetTitle, action: strings.confirm.reset }, () => attempt(reset));
}

/** Leaves a capture file or the demo: both can be had again, so nothing is lost and nobody is asked. */
export function leaveSource(): void {
  void attempt(async () => {
    if (isBusy(useSession.getState().status)) await stopCapture();
    await reset();
  });
}

/** Shows traffic that the program makes up, in place of whatever there is; no capture filter works on it. */
export function showDemo(): void {
  askBeforeLosing({ title: strings.confirm.replaceTitle, action: strings.confirm.replace }, () =>
    attempt(() => replaceBy("demo")),
  );
}

/** Sends a capture file to the program and opens it. */
export function open(file: File): void {
  askBeforeLosing({ title: strings.confirm.replaceTitle, action: strings.confirm.replace }, () =>
    openNow(file),
  );
}

async function openNow(file: File): Promise<void> {
  const upload = uploadCapture(file, (ratio) =>
    useControls.setState((controls) =>
      controls.sending === null ? {} : { sending: { ...controls.sending, ratio } },
    ),
  );
  useControls.setState({ notice: null, sending: { name: file.name, ratio: 0, cancel: upload.cancel } });
  await attempt(async () => {
    try {
      const id = await upload.id;
      useControls.setState({ sending: null });
      await replaceBy({ upload: id });
    } finally {
      useControls.setState({ sending: null });
    }
  });
}

/** Starts what takes no capture filter; what runs is stopped first. */
async function replaceBy(source: SourceChoice): Promise<void> {
  if (isBusy(useSession.getState().status)) await stopCapture();
  await startCapture(source, "");
}

async function begin(source: SourceChoice): Promise<void> {
  const { filter } = useControls.getState();
  await attempt(() => startCapture(source, filter));
}

/** Does one thing at a time and shows why it was refused: what is wrong with the filter stands at the filter. */
async function attempt(action: () => Promise<void>): Promise<void> {
  useControls.setState({ pending: true, notice: null, filterProblem: null });
  try {
    await action();
  } catch (error) {
    const reason = reasonOf(error);
    const code = error instanceof Refused ? error.code : null;
    useControls.setState(code === "bad_filter" ? { filterProblem: reason } : { notice: { reason, code } });
  } finally {
    useControls.setState({ pending: false });
  }
}

/** Asks once where measurements of an interface would be lost, and names them. */
function askBeforeLosing(words: { title: string; action: string }, go: () => Promise<void>): void {
  const { status } = useSession.getState();
  const packets = model.latest.totals?.traffic.packets ?? 0;
  if (status?.source?.kind !== "interface" || packets === 0) {
    void go();
    return;
  }
  const text = strings.confirm.lost(
    count(packets),
    elapsed(model.latest.totals?.elapsed_s ?? null),
    status.source.name,
  );
  useControls.setState({ confirmation: { ...words, text, go } });
}
