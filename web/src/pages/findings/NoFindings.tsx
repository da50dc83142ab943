/** Nothing was found: what is being watched, and what else there is to see. */

import { DemoButton } from "../../capture/DemoButton";
import { OpenCapture } from "../../capture/OpenCapture";
import { count } from "../../lib/format";
import { saidStrings } from "../../lib/said-strings";

const { findings: words, rules } = saidStrings;

interface Props {
  /** Whether there was a session to find anything in. */
  watched: boolean;
  /** Whether that session has ended. */
  ended: boolean;
  /** How many there are that are over. */
  over: number;
  onAll: () => void;
}

export function NoFindings({ watched, ended, over, onAll }: Props) {
  return (
    <div className="grid place-items-center px-3 pt-6 pb-8">
      <div className="w-full max-w-3xl">
        <p className="text-center font-medium">
          {!watched ? words.waiting : over > 0 ? words.nothingOpen : words.nothing}
        </p>
        <p className="text-center text-fg-3">
          {!watched ? words.waitingHint : ended ? words.nothingHintEnded : words.nothingHint}
        </p>
        <div className="mt-3 flex flex-wrap justify-center gap-2 empty:hidden">
          {!watched && <OpenCapture />}
          {!watched && <DemoButton />}
          {watched && over > 0 && (
            <button type="button" className="button" onClick={onAll}>
              {words.showAll(count(over))}
            </button>
          )}
        </div>
        <dl className="mt-4 grid gap-x-6 gap-y-2 sm:grid-cols-2">
          {Object.entries(rules).map(([rule, { name, watches }]) => (
            <div key={rule} className="border-line border-t pt-1.5">
              <dt className="font-medium">{name}</dt>
              <dd className="text-fg-3">{watches}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  );
}
