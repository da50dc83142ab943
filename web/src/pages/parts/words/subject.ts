/** What a fact, a finding or a change is about, in a few words. */

import type { Call } from "../../../generated/Call";
import type { Calls } from "../../../generated/Calls";
import type { Subject } from "../../../generated/Subject";
import { endText } from "../../../lib/flow-names";
import { count } from "../../../lib/format";
import { wordStrings } from "../../../lib/word-strings";
import { useSession } from "../../../live/session";

/** Returns what names subjects; streams and calls by their ends as long as they are listed. */
export function useSubjectText(): (subject: Subject) => string {
  const calls = useSession((session) => session.calls);
  return (subject) => subjectText(subject, calls);
}

export function subjectText(subject: Subject, calls: Calls | null = null): string {
  const { subject: words } = wordStrings;
  if (subject === "session") return words.session;
  if (typeof subject !== "object") return words.unknown;
  if ("protocol" in subject) return subject.protocol;
  if ("app" in subject) return subject.app;
  if ("host" in subject) return subject.host;
  if ("pair" in subject) return words.pair(subject.pair[0], subject.pair[1]);
  if ("service" in subject) return endText(subject.service.address, subject.service.port);
  if ("flow" in subject) return words.flow(count(subject.flow));
  if ("stream" in subject) {
    const stream = calls?.streams.find(({ id }) => id === subject.stream);
    if (stream === undefined) return words.stream(count(subject.stream));
    return words.pair(endText(stream.src, stream.src_port), endText(stream.dst, stream.dst_port));
  }
  if ("call" in subject) {
    const call = calls?.calls.find(({ id }) => id === subject.call);
    return call === undefined ? words.call(count(subject.call)) : partiesText(call);
  }
  // A newer program may know of more.
  return words.unknown;
}

/** Who calls whom; without signalling, their addresses. */
function partiesText({ from, to, caller, callee }: Call): string {
  const name = (party: string) => party.replace(/^sips?:/i, "");
  return wordStrings.subject.pair(name(from ?? caller), name(to ?? callee));
}
