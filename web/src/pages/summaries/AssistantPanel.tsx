/** The language model that may word summaries: what it is, what it would get, and whether it may. */

import { type ReactNode, useState } from "react";
import type { Assistant } from "../../generated/Assistant";
import { count } from "../../lib/format";
import { saidStrings } from "../../lib/said-strings";
import { allowAssistant, reasonOf } from "../../live/client";
import { PreviewDialog } from "./PreviewDialog";

const { assistant: words } = saidStrings;

export function AssistantPanel({ assistant }: { assistant: Assistant }) {
  const [putOff, setPutOff] = useState(false);
  const [previewed, setPreviewed] = useState(false);
  const { busy, problem, allow } = useAllow();
  const name = assistant.model ?? assistant.provider ?? words.unknown;
  const host = assistant.host ?? words.unknown;
  return (
    <section aria-label={words.title} className="panel flex flex-col gap-1.5 px-3 py-2.5">
      <h2 className="font-semibold text-fg-2">{words.title}</h2>
      {assistant.state === "off" && (
        <>
          <p>{words.off}</p>
          <p className="text-fg-3">{words.offHint}</p>
        </>
      )}
      {assistant.state === "waiting" && !putOff && (
        <>
          <p className="wrap-anywhere">{words.waiting(name, host)}</p>
          <p className="text-fg-2">{assistant.redacted ? words.redacted : words.notRedacted}</p>
          <p className="text-fg-3">{words.never}</p>
          <Buttons>
            <button type="button" className="button" onClick={() => setPreviewed(true)}>
              {words.show}
            </button>
            <button
              type="button"
              className="button button-primary"
              disabled={busy}
              onClick={() => void allow(true)}
            >
              {words.allow}
            </button>
            <button type="button" className="button" onClick={() => setPutOff(true)}>
              {words.notNow}
            </button>
          </Buttons>
        </>
      )}
      {assistant.state === "waiting" && putOff && (
        <>
          <p>{words.later}</p>
          <Buttons>
            <button type="button" className="button" onClick={() => setPutOff(false)}>
              {words.ask}
            </button>
          </Buttons>
        </>
      )}
      {assistant.state === "allowed" && (
        <>
          <p className="wrap-anywhere">{words.allowed(name, host)}</p>
          <p className="text-fg-2">{assistant.redacted ? words.redacted : words.notRedacted}</p>
          {assistant.calls_left !== null && (
            <p className="text-fg-3">{words.callsLeft(count(assistant.calls_left))}</p>
          )}
          <Buttons>
            <button type="button" className="button" onClick={() => setPreviewed(true)}>
              {words.show}
            </button>
            <button type="button" className="button" disabled={busy} onClick={() => void allow(false)}>
              {words.stop}
            </button>
          </Buttons>
        </>
      )}
      {assistant.problem !== null && <p className="wrap-anywhere text-warn">{assistant.problem}</p>}
      {problem !== null && (
        <p role="alert" className="wrap-anywhere text-crit">
          {problem}
        </p>
      )}
      {previewed && <PreviewDialog onClose={() => setPreviewed(false)} />}
    </section>
  );
}

function Buttons({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap gap-2 pt-1">{children}</div>;
}

/** The answer shows in the assistant's state, which the program sends to everybody. */
function useAllow() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const allow = async (allowed: boolean) => {
    setBusy(true);
    setProblem(null);
    try {
      await allowAssistant(allowed);
    } catch (error) {
      setProblem(reasonOf(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, allow };
}
