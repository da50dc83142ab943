/** A rule that is being made: an application, and what fits it. */

import { type FormEvent, type ReactNode, useId, useMemo, useState } from "react";
import type { AppRule } from "../../../generated/AppRule";
import { CATEGORIES } from "../../../lib/categories";
import { ruleStrings } from "../../../lib/rule-strings";
import { useSession } from "../../../live/session";
import { type Suggestion, tidyMatch } from "./rules";

/** The longest name that the program takes, in letters. */
const LONGEST_NAME = 80;

const KINDS = {
  name: ruleStrings.suggestName,
  address: ruleStrings.suggestAddress,
  port: ruleStrings.suggestPort,
} as const;

/** Why the program did not take a rule, and at which field that stands. */
export interface Refusal {
  at: "app" | "match";
  reason: string;
}

interface Props {
  /** The rule that is changed; `null` for a new one. */
  rule: AppRule | null;
  suggestions: readonly Suggestion[];
  busy: boolean;
  refused: Refusal | null;
  /** Tells whether the program took it. */
  onAdd: (rule: AppRule) => Promise<boolean>;
  /** Back to a new rule. */
  onCancel: () => void;
}

export function RuleForm({ rule, suggestions, busy, refused, onAdd, onCancel }: Props) {
  const id = useId();
  const names = useNames();
  const [app, setApp] = useState(rule?.app ?? "");
  const [match, setMatch] = useState(rule?.match ?? suggestions[0]?.match ?? "");
  const [category, setCategory] = useState<string>(rule?.category ?? "");
  const [asked, setAsked] = useState(false);
  const name = app.trim();
  const isNew = name !== "" && !names.some((known) => known.toLowerCase() === name.toLowerCase());
  const hasCategory = isNew || (rule !== null && rule.category !== null);
  const saidAt = (at: Refusal["at"]) => (refused?.at === at ? refused.reason : null);
  const appProblem = asked && name === "" ? ruleStrings.appMissing : saidAt("app");
  const matchProblem = asked && match.trim() === "" ? ruleStrings.matchMissing : saidAt("match");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (name === "" || match.trim() === "") return;
    const fits = tidyMatch(match);
    setMatch(fits);
    const made = { app: name, match: fits, category: hasCategory && category !== "" ? category : null };
    if (!(await onAdd(made))) return;
    setApp("");
    setMatch("");
    setCategory("");
    setAsked(false);
  };
  return (
    <form className="mt-3 flex flex-col gap-3" noValidate onSubmit={(event) => void submit(event)}>
      {rule !== null && (
        <p className="wrap-anywhere text-fg-2">{ruleStrings.changing(rule.app, rule.match)}</p>
      )}
      <Field id={`${id}-app`} label={ruleStrings.app} hint={ruleStrings.appHint} problem={appProblem}>
        <input
          {...described(`${id}-app`, appProblem)}
          // biome-ignore lint/a11y/noAutofocus: a dialog that is opened is written into
          autoFocus
          className="field w-full"
          list={`${id}-names`}
          maxLength={LONGEST_NAME}
          autoComplete="off"
          spellCheck={false}
          value={app}
          onChange={(event) => setApp(event.target.value)}
        />
        <datalist id={`${id}-names`}>
          {names.map((known) => (
            <option key={known} value={known} />
          ))}
        </datalist>
      </Field>
      {hasCategory && (
        <Field id={`${id}-category`} label={ruleStrings.category} problem={null}>
          <select
            id={`${id}-category`}
            className="field w-full"
            value={category}
            onChange={(event) => setCategory(event.target.value)}
          >
            <option value="">{ruleStrings.categoryUsual}</option>
            {CATEGORIES.map((known) => (
              <option key={known} value={known}>
                {known}
              </option>
            ))}
          </select>
        </Field>
      )}
      <Field
        id={`${id}-match`}
        label={ruleStrings.matches}
        hint={ruleStrings.matchesHint}
        problem={matchProblem}
      >
        <input
          {...described(`${id}-match`, matchProblem)}
          className="field mono w-full"
          autoComplete="off"
          spellCheck={false}
          value={match}
          onChange={(event) => setMatch(event.target.value)}
        />
        <Suggestions suggestions={suggestions} chosen={match} onChoose={setMatch} />
      </Field>
      <div className="flex justify-end gap-2">
        {rule !== null && (
          <button type="button" className="button" onClick={onCancel}>
            {ruleStrings.cancel}
          </button>
        )}
        <button type="submit" className="button button-primary" disabled={busy}>
          {busy ? ruleStrings.adding : rule === null ? ruleStrings.add : ruleStrings.change}
        </button>
      </div>
    </form>
  );
}

interface SuggestionsProps {
  suggestions: readonly Suggestion[];
  chosen: string;
  onChoose: (match: string) => void;
}

function Suggestions({ suggestions, chosen, onChoose }: SuggestionsProps) {
  if (suggestions.length === 0) return null;
  return (
    <fieldset className="mt-1.5 flex flex-wrap gap-1.5">
      <legend className="sr-only">{ruleStrings.suggestions}</legend>
      {suggestions.map(({ by, match }) => (
        <button
          key={by}
          type="button"
          aria-pressed={match === chosen}
          title={match}
          className="inline-flex h-7 max-w-full items-center gap-1.5 rounded-full border border-line px-2.5 text-table hover:bg-raised aria-pressed:border-accent"
          onClick={() => onChoose(match)}
        >
          <span className="shrink-0 text-fg-3">{KINDS[by]}</span>
          <bdi className="mono min-w-0 truncate">{match}</bdi>
        </button>
      ))}
    </fieldset>
  );
}

interface FieldProps {
  id: string;
  label: string;
  hint?: string;
  problem: string | null;
  children: ReactNode;
}

function Field({ id, label, hint, problem, children }: FieldProps) {
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      {children}
      <p
        id={`${id}-says`}
        role={problem === null ? undefined : "alert"}
        className={problem === null ? "mt-1 text-fg-3 text-meta" : "wrap-anywhere mt-1 text-crit"}
      >
        {problem ?? hint}
      </p>
    </div>
  );
}

function described(id: string, problem: string | null) {
  return { id, "aria-invalid": problem !== null, "aria-describedby": `${id}-says` };
}

/** The applications there are, by name: what rules named among them. */
function useNames(): readonly string[] {
  const apps = useSession((session) => session.apps);
  return useMemo(() => {
    const names = [...(apps?.apps ?? []), ...(apps?.rules ?? [])].map(({ app }) => app);
    return [...new Set(names)].sort((a, b) => a.localeCompare(b, "en", { sensitivity: "base" }));
  }, [apps]);
}
