/** Who worded something. */

import { Bot, Ruler } from "lucide-react";
import { Hinted } from "../../../components/Term";
import type { Author } from "../../../generated/Author";
import { saidStrings } from "../../../lib/said-strings";

const { source: words } = saidStrings;

/** The model's name, or that it was rules. */
export function authorText(author: Author): string {
  return typeof author === "object" ? author.model : words.rules;
}

export function SourceTag({ author }: { author: Author }) {
  const model = typeof author === "object";
  const Icon = model ? Bot : Ruler;
  return (
    <Hinted hint={model ? words.modelHint : words.rulesHint}>
      <button
        type="button"
        className="inline-flex min-h-6 min-w-0 cursor-help items-center gap-1 rounded-full border border-line px-2 text-fg-3 text-meta"
      >
        <Icon size={12} aria-hidden="true" className="shrink-0" />
        <bdi className="truncate">{authorText(author)}</bdi>
      </button>
    </Hinted>
  );
}
