/** Two moments, typed or picked. */

import { type FormEvent, useId, useState } from "react";
import { localInput, secondOfInput } from "../lib/format";
import { strings } from "../lib/strings";
import { useSession } from "../live/session";
import { between, type Range } from "./range";
import { backToLive, setRange, shownSpan, useRange, zoomBack } from "./store";

interface Props {
  shown: Range;
  onDone: () => void;
}

export function CustomRange({ shown, onDone }: Props) {
  const [span] = useState(shownSpan);
  const [from, setFrom] = useState(localInput(span?.from ?? null));
  const [to, setTo] = useState(localInput(span?.to ?? null));
  const [problem, setProblem] = useState<string | null>(null);
  const zoomed = useRange((state) => state.earlier.length > 0);
  const running = useSession((session) => session.status?.state === "running");
  const problemId = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const first = secondOfInput(from);
    const last = secondOfInput(to);
    if (first === null || last === null) setProblem(strings.range.unreadable);
    else if (last <= first) setProblem(strings.range.order);
    else {
      setRange(between(first, last));
      onDone();
    }
  };
  return (
    <form onSubmit={submit} className="mt-3 grid grid-cols-[max-content_1fr] items-center gap-2">
      <Moment label={strings.range.from} value={from} onChange={setFrom} problemId={problem && problemId} />
      <Moment label={strings.range.to} value={to} onChange={setTo} problemId={problem && problemId} />
      {problem !== null && (
        <p id={problemId} role="alert" className="col-span-2 text-crit">
          {problem}
        </p>
      )}
      <div className="col-span-2 flex gap-2">
        <button type="submit" className="button button-primary">
          {strings.range.apply}
        </button>
        {zoomed && (
          <button type="button" className="button" onClick={zoomBack}>
            {strings.range.zoomBack}
          </button>
        )}
        {shown.kind === "between" && (
          <button
            type="button"
            className="button"
            onClick={() => {
              backToLive();
              onDone();
            }}
          >
            {running ? strings.range.clear : strings.range.clearZoom}
          </button>
        )}
      </div>
    </form>
  );
}

interface MomentProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  problemId: string | null;
}

function Moment({ label, value, onChange, problemId }: MomentProps) {
  const id = useId();
  return (
    <>
      <label htmlFor={id} className="text-fg-2">
        {label}
      </label>
      <input
        id={id}
        type="datetime-local"
        step={1}
        value={value}
        aria-invalid={problemId !== null}
        aria-describedby={problemId ?? undefined}
        onChange={(event) => onChange(event.target.value)}
        className="field min-w-0"
      />
    </>
  );
}
