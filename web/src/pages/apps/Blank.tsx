/** Why no application is shown, and what can be done about it. */

import { Tags } from "lucide-react";
import { appStrings } from "../../lib/app-strings";
import { count } from "../../lib/format";
import { ruleStrings } from "../../lib/rule-strings";

interface Props {
  filtered: boolean;
  /** The flows that have no label. */
  flows: number;
  onClear: () => void;
  onRules: () => void;
}

export function Blank({ filtered, flows, onClear, onRules }: Props) {
  return (
    <div className="grid min-h-32 place-items-center px-3 pb-3 text-center">
      {filtered ? (
        <div>
          <p className="font-medium">{appStrings.noMatch}</p>
          <button type="button" className="button mt-2" onClick={onClear}>
            {appStrings.clearAll}
          </button>
        </div>
      ) : flows === 0 ? (
        <div>
          <p className="font-medium">{appStrings.none}</p>
          <p className="text-fg-3">{appStrings.noneHint}</p>
        </div>
      ) : (
        <div>
          <p className="font-medium">{appStrings.noneOf(count(flows))}</p>
          <p className="text-fg-3">{appStrings.noneOfHint}</p>
          <button type="button" className="button mt-2" onClick={onRules}>
            <Tags size={14} aria-hidden="true" />
            {ruleStrings.manage}
          </button>
        </div>
      )}
    </div>
  );
}
