/** A fact in a sentence: a quiet link to where it is shown, with how it was measured. */

import type { ReactNode } from "react";
import { Hinted } from "../../../components/Term";
import type { Fact } from "../../../generated/Fact";
import { wordStrings } from "../../../lib/word-strings";
import { SeeLink } from "./SeeLink";
import { spanText } from "./spans";

const { fact: words } = wordStrings;

interface Props {
  fact: Fact;
  className?: string;
  children: ReactNode;
}

export function FactLink({ fact, className = "", children }: Props) {
  return (
    <Hinted hint={<FactHint fact={fact} />}>
      <SeeLink see={fact.see} className={className}>
        {children}
      </SeeLink>
    </Hinted>
  );
}

function FactHint({ fact: { label, text, method, span } }: { fact: Fact }) {
  return (
    <span className="wrap-anywhere flex flex-col">
      <span className="font-medium">{words.go(label, text)}</span>
      {method !== "" && <span className="text-fg-2">{words.measured(method)}</span>}
      <span className="text-fg-2">{words.when(spanText(span))}</span>
    </span>
  );
}

/** The facts behind some sentences, each a way to where it is shown. */
export function FactChips({ facts }: { facts: readonly Fact[] }) {
  return (
    <ul className="flex flex-wrap gap-1.5">
      {facts.map((fact) => (
        <li key={fact.id} className="min-w-0 max-w-full">
          <FactLink
            fact={fact}
            className="flex min-h-6 items-center gap-1.5 rounded-full border border-line px-2 text-table hover:border-line-strong hover:bg-raised"
          >
            <span className="truncate text-fg-3">{fact.label}</span>
            <bdi className="truncate font-medium text-fg-2">{fact.text}</bdi>
          </FactLink>
        </li>
      ))}
    </ul>
  );
}
