/** The findings in a table; a row opens what is known of one. */

import { SeverityMark } from "../../components/SeverityMark";
import { Stranger } from "../../components/Stranger";
import type { Finding } from "../../generated/Finding";
import { dateAndUtc, timeOfDay, UNKNOWN } from "../../lib/format";
import { saidStrings } from "../../lib/said-strings";
import { wordStrings } from "../../lib/word-strings";
import { useOver } from "../parts/use-over";
import { useSubjectText } from "../parts/words/subject";

const { findings: words } = saidStrings;
const { severities } = wordStrings;

/** Where the focus goes back to when the details of a finding are closed. */
export function findingRowId(id: number): string {
  return `finding-${id}`;
}

interface Props {
  list: readonly Finding[];
  /** The finding whose details are open. */
  selected: number | null;
  onOpen: (id: number) => void;
}

/** Where there is less room the columns of times go, then subject and limit; the details have them all. */
const ROOM = {
  subject: "hidden @3xl:table-cell",
  limit: "hidden @lg:table-cell w-24",
  first: "hidden @5xl:table-cell w-20",
  last: "hidden @6xl:table-cell w-20",
  state: "hidden @2xl:table-cell w-24",
} as const;

export function FindingTable({ list, selected, onOpen }: Props) {
  const { columns } = words;
  return (
    <div className="@container min-h-0 overflow-auto px-1 pb-1">
      <table className="w-full table-fixed text-table">
        <thead className="text-fg-3 text-meta">
          <tr className="h-7 border-line border-b *:px-2 *:text-left *:font-medium">
            <th scope="col" className="w-11 @lg:w-26">
              <span className="sr-only @lg:not-sr-only">{columns.severity}</span>
            </th>
            <th scope="col">{columns.title}</th>
            <th scope="col" className={ROOM.subject}>
              {columns.subject}
            </th>
            <th scope="col" className="w-24 text-right!">
              {columns.value}
            </th>
            <th scope="col" className={`text-right! ${ROOM.limit}`}>
              {columns.limit}
            </th>
            <th scope="col" className={ROOM.first}>
              {columns.first}
            </th>
            <th scope="col" className={ROOM.last}>
              {columns.last}
            </th>
            <th scope="col" className={ROOM.state}>
              {columns.state}
            </th>
          </tr>
        </thead>
        <tbody>
          {list.map((finding) => (
            <Row key={finding.id} finding={finding} selected={finding.id === selected} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  finding: Finding;
  selected: boolean;
  onOpen: (id: number) => void;
}

function Row({ finding, selected, onOpen }: RowProps) {
  const subjectText = useSubjectText();
  const { id, severity, title, subject, value, limit, first_ms, last_ms, holds } = finding;
  return (
    // The button in the second cell does the same for the keyboard.
    <tr
      aria-current={selected ? "true" : undefined}
      className="h-9 cursor-default border-line border-t *:px-2 *:py-1 first:border-t-0 hover:bg-raised aria-[current]:bg-raised"
      onClick={() => onOpen(id)}
    >
      <td>
        <span className="@lg:hidden">
          <SeverityMark severity={severity} word={severities[severity]} compact />
        </span>
        <span className="@max-lg:hidden">
          <SeverityMark severity={severity} word={severities[severity]} />
        </span>
      </td>
      <th scope="row" className="text-left font-normal">
        <button
          type="button"
          id={findingRowId(id)}
          aria-label={words.open_(title)}
          className="flex min-h-6 max-w-full items-center text-left hover:underline"
          onClick={(event) => {
            event.stopPropagation();
            onOpen(id);
          }}
        >
          <bdi className="wrap-anywhere font-medium text-body">{title}</bdi>
        </button>
        <span className="flex gap-2 text-fg-3 @3xl:hidden">
          <Stranger name={subjectText(subject)} />
          {!holds && <span className="@2xl:hidden">{words.over}</span>}
        </span>
      </th>
      <td className={ROOM.subject}>
        <bdi className="wrap-anywhere text-fg-2">{subjectText(subject)}</bdi>
      </td>
      <td className="text-right font-medium">{value}</td>
      <td className={`text-right text-fg-3 ${ROOM.limit}`}>{limit ?? UNKNOWN}</td>
      <td className={`text-fg-2 ${ROOM.first}`} title={dateAndUtc(first_ms)}>
        {timeOfDay(first_ms)}
      </td>
      <td className={`text-fg-2 ${ROOM.last}`} title={dateAndUtc(last_ms)}>
        {timeOfDay(last_ms)}
      </td>
      <td className={`text-fg-2 ${ROOM.state}`}>
        <StateWord holds={holds} />
      </td>
    </tr>
  );
}

/** Whether it holds; of a session that has ended, whether it did at the end. */
export function StateWord({ holds }: { holds: boolean }) {
  const ended = useOver();
  return holds ? (ended ? words.heldAtEnd : words.holds) : words.over;
}
