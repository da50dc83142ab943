/** Labels by hand: a new rule, the rules there are, and how to keep them. */

import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import { useRef, useState } from "react";
import { CopyButton } from "../../../components/CopyButton";
import type { AppRule } from "../../../generated/AppRule";
import { announce } from "../../../lib/announce";
import { ruleStrings } from "../../../lib/rule-strings";
import { reasonOf, setRules } from "../../../live/client";
import { model } from "../../../live/model";
import { type Refusal, RuleForm } from "./RuleForm";
import { RuleList } from "./RuleList";
import {
  configurationLines,
  type Ends,
  isSame,
  suggestionsOf,
  withMoved,
  withoutNumber,
  withRule,
} from "./rules";

interface Props {
  /** The flow that is to be labelled; left out where rules are made for none in particular. */
  flow?: Ends & { app: string | null };
  onClose: () => void;
}

export function RulesDialog({ flow, onClose }: Props) {
  // Those in force, also while the view is paused; afterwards what the program took.
  const [rules, setHeld] = useState<readonly AppRule[]>(rulesInForce);
  const told = useRef(rules);
  // Before the dialog takes the focus, it is on what opened it.
  const [opener] = useState(() => document.activeElement);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  /** What the last change did, for those who see. */
  const [news, setNews] = useState("");
  const [refused, setRefused] = useState<Refusal | null>(null);
  const [changed, setChanged] = useState<AppRule | null>(null);
  /** What is to be changed: what somebody else has made of the rules meanwhile stays. */
  const latest = (): readonly AppRule[] => {
    const now = rulesInForce();
    if (JSON.stringify(now) === JSON.stringify(told.current)) return rules;
    told.current = now;
    return now;
  };
  /** Tells whether the program took what `change` makes of the rules. */
  const put = async (
    change: (rules: readonly AppRule[]) => readonly AppRule[],
    said: string,
    made: AppRule | null = null,
  ): Promise<boolean> => {
    const next = change(latest());
    setBusy(true);
    setProblem(null);
    setRefused(null);
    setNews("");
    try {
      await setRules(next);
      setHeld(next);
      announce(said);
      setNews(said);
      return true;
    } catch (error) {
      const reason = withoutNumber(reasonOf(error));
      if (made === null) setProblem(reason);
      else setRefused({ at: fieldOf(reason, made), reason });
      return false;
    } finally {
      setBusy(false);
    }
  };
  const add = async (rule: AppRule): Promise<boolean> => {
    if (!(await put((all) => withRule(all, rule, changed), ruleStrings.done(rule.app), rule))) return false;
    // The flow that was to be labelled is, and its sheet says so.
    if (flow !== undefined && changed === null) onClose();
    setChanged(null);
    return true;
  };
  const change = (rule: AppRule | null) => {
    setRefused(null);
    setChanged(rule);
  };
  const remove = async (rule: AppRule) => {
    const gone = await put(
      (all) => all.filter((other) => !isSame(other, rule)),
      ruleStrings.undone(rule.app),
    );
    if (gone && changed !== null && isSame(changed, rule)) setChanged(null);
  };
  const move = (rule: AppRule, by: -1 | 1) =>
    put((all) => withMoved(all, rule, by), ruleStrings.moved(rule.app));
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="appear fixed inset-0 z-40 bg-black/50" />
        <Dialog.Content
          className="popup appear fixed top-[6vh] left-1/2 z-50 max-h-[88vh] w-[520px] max-w-[94vw] -translate-x-1/2 overflow-auto p-4"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener instanceof HTMLElement) opener.focus();
          }}
        >
          <div className="flex items-center">
            <Dialog.Title className="font-semibold text-heading">
              {flow === undefined ? ruleStrings.titleManage : ruleStrings.title}
            </Dialog.Title>
            <Dialog.Close className="button ml-auto w-8 px-0" aria-label={ruleStrings.close}>
              <X size={14} aria-hidden="true" />
            </Dialog.Close>
          </div>
          <Dialog.Description className="mt-1 text-fg-2">{ruleStrings.text}</Dialog.Description>
          <RuleForm
            // Another rule is another form: nothing of the one before may be left.
            key={changed === null ? "" : `${changed.match} ${changed.app}`}
            rule={changed}
            suggestions={flow === undefined ? [] : suggestionsOf(flow)}
            busy={busy}
            refused={refused}
            onAdd={add}
            onCancel={() => change(null)}
          />
          <p className="mt-2 text-fg-2">{news}</p>
          <RuleList
            rules={rules}
            busy={busy}
            onChange={change}
            onMove={move}
            onRemove={(rule) => void remove(rule)}
          />
          {problem !== null && (
            <p role="alert" className="wrap-anywhere mt-1 text-crit">
              {problem}
            </p>
          )}
          {rules.length > 0 && <Keep rules={rules} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** A refusal begins with what it refuses, in quotes. */
function fieldOf(reason: string, { app, match }: AppRule): Refusal["at"] {
  return app !== match && reason.startsWith(JSON.stringify(app)) ? "app" : "match";
}

function rulesInForce(): readonly AppRule[] {
  return model.latest.apps?.rules ?? [];
}

function Keep({ rules }: { rules: readonly AppRule[] }) {
  const lines = configurationLines(rules);
  return (
    <div className="mt-3 border-line border-t pt-3">
      <p className="text-fg-2">{ruleStrings.holds}</p>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="mono mt-2 max-h-40 overflow-auto rounded-md border border-line bg-bg p-2"
      >
        {lines}
      </pre>
      <CopyButton text={() => lines} label={ruleStrings.copy} className="mt-2" />
    </div>
  );
}
