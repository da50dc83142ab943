/** The rules in force, in their order: a press changes one, buttons move and remove it. */

import { ArrowDown, ArrowUp, type LucideIcon, Trash2 } from "lucide-react";
import type { MouseEvent } from "react";
import { CategoryMark } from "../../../components/CategoryMark";
import { Stranger } from "../../../components/Stranger";
import type { AppRule } from "../../../generated/AppRule";
import { ruleStrings } from "../../../lib/rule-strings";
import { hiddenBy } from "./cover";

interface Props {
  rules: readonly AppRule[];
  busy: boolean;
  onChange: (rule: AppRule) => void;
  onMove: (rule: AppRule, by: -1 | 1) => Promise<unknown>;
  onRemove: (rule: AppRule) => void;
}

export function RuleList({ rules, ...props }: Props) {
  return (
    <section aria-label={ruleStrings.existing} className="mt-4 border-line border-t pt-3">
      <h3 className="font-medium">{ruleStrings.existing}</h3>
      {rules.length === 0 && <p className="text-fg-3">{ruleStrings.none}</p>}
      <ol className="mt-1">
        {rules.map((rule, place) => (
          <Row
            key={`${rule.match} ${rule.app}`}
            rule={rule}
            hidden={hiddenBy(rules, place)}
            isFirst={place === 0}
            isLast={place === rules.length - 1}
            {...props}
          />
        ))}
      </ol>
    </section>
  );
}

interface RowProps extends Omit<Props, "rules"> {
  rule: AppRule;
  /** The rule before it that takes all it fits. */
  hidden: AppRule | null;
  isFirst: boolean;
  isLast: boolean;
}

function Row({ rule, hidden, isFirst, isLast, busy, onChange, onMove, onRemove }: RowProps) {
  const { app, match, category } = rule;
  const move = async (by: -1 | 1, { currentTarget: button }: MouseEvent<HTMLButtonElement>) => {
    await onMove(rule, by);
    // A row that was put elsewhere in the page has lost the focus.
    requestAnimationFrame(() => button.focus());
  };
  return (
    <li>
      <div className="flex min-h-8 items-center">
        <button
          type="button"
          className="flex min-h-7 min-w-0 flex-1 items-center gap-2 rounded text-left hover:bg-raised"
          title={ruleStrings.edit(app, match)}
          onClick={() => onChange(rule)}
        >
          {category !== null && <CategoryMark category={category} />}
          <Stranger name={app} className="max-w-[45%] shrink-0 font-medium" />
          <Stranger name={match} mono className="flex-1 text-fg-2" />
        </button>
        <Act
          Icon={ArrowUp}
          label={ruleStrings.up(app, match)}
          off={busy || isFirst}
          onPress={(event) => void move(-1, event)}
        />
        <Act
          Icon={ArrowDown}
          label={ruleStrings.down(app, match)}
          off={busy || isLast}
          onPress={(event) => void move(1, event)}
        />
        <Act Icon={Trash2} label={ruleStrings.remove(app, match)} off={busy} onPress={() => onRemove(rule)} />
      </div>
      {hidden !== null && (
        <p className="wrap-anywhere pb-1 text-meta text-warn">
          {ruleStrings.hidden(hidden.app, hidden.match)}
        </p>
      )}
    </li>
  );
}

interface ActProps {
  Icon: LucideIcon;
  label: string;
  off: boolean;
  onPress: (event: MouseEvent<HTMLButtonElement>) => void;
}

/** One that is off keeps the focus, which would be nowhere else. */
function Act({ Icon, label, off, onPress }: ActProps) {
  return (
    <button
      type="button"
      className="grid size-7 shrink-0 place-items-center rounded text-fg-3 hover:bg-raised hover:text-fg aria-disabled:opacity-50"
      aria-disabled={off}
      aria-label={label}
      title={label}
      onClick={(event) => !off && onPress(event)}
    >
      <Icon size={14} aria-hidden="true" />
    </button>
  );
}
