/** What is going on, in the few words that the status bar shows and that are said aloud. */

import type { Tone } from "../components/StateDot";
import type { Status } from "../generated/Status";
import type { StatusSource } from "../generated/StatusSource";
import { strings } from "../lib/strings";

export interface StateWords {
  tone: Tone;
  words: string;
}

export function stateWords({ state, source, summarizing }: Status): StateWords {
  const { states } = strings;
  // The report follows the end, whichever it was; it is what a next start waits for.
  if (summarizing) return { tone: "none", words: states.summarizing };
  switch (state) {
    case "idle":
      return { tone: "none", words: states.idle };
    case "starting":
      return { tone: "none", words: of(states.starting, source) };
    case "running":
      return { tone: "ok", words: of(states.running[source?.kind ?? "interface"], source) };
    case "stopping":
      return { tone: "none", words: of(states.stopping, source) };
    case "finished":
      return { tone: "none", words: source?.kind === "demo" ? states.demoStopped : states.finished };
    case "failed":
      return { tone: "crit", words: states.failed };
  }
}

/** What is done, and to what. */
function of(doing: string, source: StatusSource | null): string {
  if (source === null) return doing;
  return `${doing} ${source.kind === "demo" ? strings.demo.inSentence : source.name}`;
}
