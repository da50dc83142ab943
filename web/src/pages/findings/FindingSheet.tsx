/** One finding in full: what it means, what to do, what shows it. */

import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { SeverityMark } from "../../components/SeverityMark";
import { Stranger } from "../../components/Stranger";
import type { EvidenceItem } from "../../generated/EvidenceItem";
import type { Finding } from "../../generated/Finding";
import type { Findings } from "../../generated/Findings";
import { count, dateAndUtc, UNKNOWN } from "../../lib/format";
import { saidStrings } from "../../lib/said-strings";
import { wordStrings } from "../../lib/word-strings";
import { Fact, Facts } from "../parts/Fact";
import { Gone, Sheet, SheetPart } from "../parts/Sheet";
import { FactLink } from "../parts/words/FactLink";
import { byId } from "../parts/words/facts";
import { SeeLink } from "../parts/words/SeeLink";
import { useSubjectText } from "../parts/words/subject";
import { StateWord } from "./FindingTable";

const { findings: words } = saidStrings;
const { severities } = wordStrings;

interface Props {
  id: number;
  topic: Findings;
  onClose: () => void;
}

export function FindingSheet({ id, topic, onClose }: Props) {
  const finding = topic.findings.find((other) => other.id === id);
  return (
    <Sheet
      label={words.sheet}
      closeLabel={words.close}
      onClose={onClose}
      title={finding === undefined ? words.sheet : <bdi className="wrap-anywhere">{finding.title}</bdi>}
      summary={finding !== undefined && <Summary finding={finding} />}
    >
      {finding === undefined ? (
        <Gone text={words.gone} hint={words.goneHint} />
      ) : (
        <Known finding={finding} facts={topic} />
      )}
    </Sheet>
  );
}

function Summary({ finding: { severity, value, limit, see } }: { finding: Finding }) {
  return (
    <>
      <SeverityMark severity={severity} word={severities[severity]} />
      <span>
        <span className="font-semibold">{value}</span>
        {limit !== null && <span className="text-fg-3"> · {words.limitOf(limit)}</span>}
      </span>
      <SeeLink see={see} className="button ml-auto h-7!">
        {words.see}
      </SeeLink>
    </>
  );
}

function Known({ finding, facts }: { finding: Finding; facts: Pick<Findings, "facts"> }) {
  const subjectText = useSubjectText();
  const { meaning, advice, evidence, subject, first_ms, last_ms, holds } = finding;
  return (
    <>
      <SheetPart title={words.meaning}>
        <p className="wrap-anywhere text-body">{meaning}</p>
      </SheetPart>
      <SheetPart title={words.advice}>
        <p className="wrap-anywhere text-body">{advice}</p>
      </SheetPart>
      <SheetPart title={words.evidence} meta={evidence.length > 0 ? count(evidence.length) : ""}>
        {evidence.length === 0 && <p className="text-fg-3">{words.noEvidence}</p>}
        <ul>
          {evidence.map((item, place) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: evidence is its place in the list, the best first
              key={place}
              className="flex flex-wrap items-center gap-x-3 border-line py-0.5 not-first:border-t"
            >
              <Shown item={item} />
            </li>
          ))}
        </ul>
      </SheetPart>
      <SheetPart title={words.facts}>
        <Measured ids={finding.facts} facts={facts.facts} />
        <Facts>
          <Fact label={words.columns.subject} wide>
            <bdi>{subjectText(subject)}</bdi>
          </Fact>
          <Fact label={words.columns.first} wide>
            {dateAndUtc(first_ms)}
          </Fact>
          <Fact label={words.columns.last} wide>
            {dateAndUtc(last_ms)}
          </Fact>
          <Fact label={words.columns.state} wide>
            <StateWord holds={holds} />
          </Fact>
        </Facts>
      </SheetPart>
    </>
  );
}

const WAY = "inline-flex min-h-6 items-center text-accent hover:underline";

function Shown({ item: { text, flow, packet, see } }: { item: EvidenceItem }) {
  return (
    <>
      <SeeLink
        see={see}
        className="wrap-anywhere flex min-h-6 min-w-0 flex-1 basis-48 items-center hover:underline"
      >
        <bdi>{text}</bdi>
      </SeeLink>
      {flow !== null && (
        <Link to="/flows" search={{ sel: flow }} className={WAY}>
          {words.flow}
        </Link>
      )}
      {packet !== null && (
        <Link to="/live" search={{ packet }} className={WAY}>
          {words.packet(count(packet))}
        </Link>
      )}
    </>
  );
}

/** The facts with how each was measured. */
function Measured({ ids, facts }: { ids: readonly number[]; facts: Findings["facts"] }) {
  const known = useMemo(() => byId(facts), [facts]);
  return (
    <ul className="pb-1">
      {ids.map((id) => {
        const fact = known.get(id);
        if (fact === undefined) return null;
        return (
          <li key={id} className="border-line border-b py-1">
            <div className="flex min-h-6 items-center gap-3">
              <FactLink fact={fact} className="min-w-0 hover:underline">
                {fact.label}
              </FactLink>
              <Stranger name={fact.text || UNKNOWN} className="ml-auto font-medium" />
            </div>
            <p className="wrap-anywhere text-fg-3 text-meta">{fact.method}</p>
          </li>
        );
      })}
    </ul>
  );
}
