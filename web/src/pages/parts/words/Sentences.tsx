/** Sentences as they were worded; each fact in them leads to where it can be checked. */

import { Fragment, useMemo } from "react";
import type { Fact } from "../../../generated/Fact";
import type { Sentence } from "../../../generated/Sentence";
import { FactLink } from "./FactLink";
import { byId } from "./facts";

/** A number stays with its unit; a longer text is a name, which may be longer than a line. */
const LONGEST_WHOLE = 16;

interface Props {
  sentences: readonly Sentence[];
  facts: readonly Fact[];
  className?: string;
}

export function Sentences({ sentences, facts, className = "" }: Props) {
  const known = useMemo(() => byId(facts), [facts]);
  return (
    <p className={`wrap-anywhere ${className}`}>
      {sentences.map((sentence, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a sentence is its place in the paragraph
        <Fragment key={place}>
          {place > 0 && " "}
          <Words sentence={sentence} facts={known} />
        </Fragment>
      ))}
    </p>
  );
}

/** One sentence. A piece whose fact is not there is said without a link. */
export function Words({ sentence, facts }: { sentence: Sentence; facts: ReadonlyMap<number, Fact> }) {
  return sentence.pieces.map(({ text, fact: id }, place) => {
    const fact = id === null ? undefined : facts.get(id);
    return fact === undefined ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place in the sentence
      <Fragment key={place}>{text}</Fragment>
    ) : (
      <FactLink
        // biome-ignore lint/suspicious/noArrayIndexKey: as above
        key={place}
        fact={fact}
        className="underline decoration-line-strong decoration-dotted underline-offset-3 hover:decoration-accent hover:decoration-solid"
      >
        <bdi className={text.length <= LONGEST_WHOLE ? "whitespace-nowrap" : ""}>{text}</bdi>
      </FactLink>
    );
  });
}
