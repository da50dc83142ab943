/** Which facts sentences stand on. */

import type { Fact } from "../../../generated/Fact";
import type { Sentence } from "../../../generated/Sentence";

export function byId(facts: readonly Fact[]): ReadonlyMap<number, Fact> {
  return new Map(facts.map((fact) => [fact.id, fact]));
}

/** Those that the sentences name, in their order, and what a comparison among them compares. */
export function standOn(sentences: readonly Sentence[], facts: readonly Fact[]): readonly Fact[] {
  const known = byId(facts);
  const found = new Map<number, Fact>();
  const take = (id: number | null) => {
    const fact = id === null ? undefined : known.get(id);
    if (fact === undefined || found.has(fact.id)) return;
    found.set(fact.id, fact);
    if (typeof fact.value === "object" && "comparison" in fact.value) {
      take(fact.value.comparison.of);
      take(fact.value.comparison.with);
    }
  };
  for (const { pieces } of sentences) for (const { fact } of pieces) take(fact);
  return [...found.values()];
}
