/** The report of the session, to print, to save and to pass on. */

import { Download, Printer, RotateCw } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { DemoButton } from "../../capture/DemoButton";
import { OpenCapture } from "../../capture/OpenCapture";
import { Boundary } from "../../components/Boundary";
import type { Status } from "../../generated/Status";
import { timeOfDay } from "../../lib/format";
import { saidStrings } from "../../lib/said-strings";
import { strings } from "../../lib/strings";
import { model } from "../../live/model";
import { useSession } from "../../live/session";
import { useTitle } from "../../live/title";
import { authorText } from "../parts/words/SourceTag";
import { downloadAddress, type ReportFormat } from "./document";
import { ReportFrame } from "./ReportFrame";

const { report: words } = saidStrings;

const FORMATS = Object.keys(words.formats) as readonly ReportFormat[];

export function Report() {
  const status = useSession((session) => session.status);
  useTitle(strings.pages.report);
  return (
    <>
      <h1 className="sr-only">{strings.pages.report}</h1>
      {status === null && <div className="skeleton h-full" aria-hidden="true" />}
      {status !== null && status.session === 0 && <None />}
      {status !== null && status.session > 0 && (
        <Boundary key={status.session}>
          <Session status={status} />
        </Boundary>
      )}
    </>
  );
}

function Session({ status }: { status: Status }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const connected = useSession((session) => session.connection.state === "open");
  const reached = useReached(connected);
  const [asked, setAsked] = useState(0);
  const [shown, setShown] = useState<Shown>({ problem: null, as_of_ms: null });
  const version = `${useReportVersion(status)} ${asked}`;
  const running = status.state === "running" || status.state === "starting" || status.state === "stopping";
  const print = () => frame.current?.contentWindow?.print();
  usePrintKey(frame);
  return (
    <div className="mx-auto flex max-w-[880px] flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <button
          type="button"
          className="button button-primary"
          disabled={!reached || shown.problem !== null}
          onClick={print}
        >
          <Printer size={14} aria-hidden="true" />
          {words.print}
        </button>
        <fieldset className="flex flex-wrap items-center gap-2">
          <legend className="sr-only">{words.save}</legend>
          {FORMATS.map((format) => (
            <a key={format} className="button" href={downloadAddress(format)} download>
              <Download size={14} aria-hidden="true" />
              {words.formats[format]}
            </a>
          ))}
        </fieldset>
        {running && (
          <button
            type="button"
            className="button ml-auto"
            disabled={!connected}
            title={connected ? undefined : words.lost}
            onClick={() => setAsked((times) => times + 1)}
          >
            <RotateCw size={14} aria-hidden="true" />
            {words.refresh}
          </button>
        )}
      </div>
      <p role="status" className="text-fg-2">
        {stateLine(status, running, shown.as_of_ms)}
      </p>
      {shown.problem !== null && (
        <div role="alert" className="panel p-3">
          <p className="font-medium">{words.failed}</p>
          {shown.problem !== words.failed && <p className="wrap-anywhere text-fg-2">{shown.problem}</p>}
          <button
            type="button"
            className="button mt-2"
            disabled={!connected}
            onClick={() => setAsked((times) => times + 1)}
          >
            {strings.panel.retry}
          </button>
        </div>
      )}
      {!reached && <p className="panel p-3">{words.lost}</p>}
      <div className={reached && shown.problem === null ? "" : "hidden"}>
        {reached && (
          <ReportFrame
            frame={frame}
            version={version}
            onLoad={(problem) => setShown({ problem, as_of_ms: model.latest.totals?.now_ms ?? null })}
          />
        )}
      </div>
    </div>
  );
}

interface Shown {
  problem: string | null;
  /** The session's time when the document was read. */
  as_of_ms: number | null;
}

function stateLine({ summarizing }: Status, running: boolean, as_of_ms: number | null): string {
  if (running) return as_of_ms === null ? words.running : words.asOf(timeOfDay(as_of_ms));
  return summarizing ? words.writing : words.final;
}

/** Another one where the report is: it begins, ends, is written, or is worded better. */
function useReportVersion({ state, summarizing }: Status): string {
  const report = useSession((session) => session.summaries?.report ?? null);
  const connected = useSession((session) => session.connection.state === "open");
  const worded = report === null ? "" : `${authorText(report.author)} ${report.summary}`;
  const wanted = `${state} ${summarizing} ${worded}`;
  const [version, setVersion] = useState(wanted);
  useEffect(() => {
    // What is there stays while the program is away: it could not be read again.
    if (connected) setVersion(wanted);
  }, [connected, wanted]);
  return version;
}

/** Whether the program was there since the page was opened: a document that is shown stays when it goes. */
function useReached(connected: boolean): boolean {
  const [reached, setReached] = useState(connected);
  useEffect(() => {
    if (connected) setReached(true);
  }, [connected]);
  return reached;
}

/** Ctrl P prints the document, as the button does: a frame inside a printed page would be cut. */
function usePrintKey(frame: RefObject<HTMLIFrameElement | null>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const modified = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (!modified || event.key.toLowerCase() !== "p" || frame.current === null) return;
      event.preventDefault();
      frame.current.contentWindow?.print();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [frame]);
}

function None() {
  return (
    <section aria-label={words.label} className="panel grid min-h-44 place-items-center p-3 text-center">
      <div>
        <p className="font-medium">{words.none}</p>
        <p className="text-fg-3">{words.noneHint}</p>
        <div className="mt-3 flex flex-wrap justify-center gap-2">
          <OpenCapture />
          <DemoButton />
        </div>
      </div>
    </section>
  );
}
