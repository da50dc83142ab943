/** The rules in force, in their order. */

import { Trash2 } from "lucide-react";
import { CategoryMark } from "../../../components/CategoryMark";
import { Stranger } from "../../../components/Stranger";
import type { AppRule } from "../../../generated/AppRule";
import { ruleStrings } from "../../../lib/rule-strings";

interface Props {
  rules: readonly AppRule[];
  busy: boolean;
  onRemove: (rule: AppRule) => void;
}

export function RuleList({ rules, busy, onRemove }: Props) {
  return (
    <section aria-label={ruleStrings.existing} className="mt-4 border-line border-t pt-3">
      <h3 className="font-medium">{ruleStrings.existing}</h3>
      {rules.length === 0 && <p className="text-fg-3">{ruleStrings.none}</p>}
      <ol className="mt-1">
        {rules.map((rule) => (
          <li key={`${rule.match} ${rule.app}`} className="flex min-h-8 items-center gap-2">
            {rule.category !== null && <CategoryMark category={rule.category} />}
            <Stranger name={rule.app} className="max-w-[45%] shrink-0 font-medium" />
            <Stranger name={rule.match} mono className="flex-1 text-fg-2" />
            <button
              type="button"
              className="grid size-7 shrink-0 place-items-center rounded text-fg-3 hover:bg-raised hover:text-crit disabled:opacity-50"
              disabled={busy}
              aria-label={ruleStrings.remove(rule.app, rule.match)}
              title={ruleStrings.remove(rule.app, rule.match)}
              onClick={() => onRemove(rule)}
            >
              <Trash2 size={14} aria-hidden="true" />
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
