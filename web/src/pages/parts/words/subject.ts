/** What a fact, a finding or a change is about, in a few words. */

import type { Subject } from "../../../generated/Subject";
import { endText } from "../../../lib/flow-names";
import { count } from "../../../lib/format";
import { wordStrings } from "../../../lib/word-strings";

export function subjectText(subject: Subject): string {
  const { subject: words } = wordStrings;
  if (subject === "session") return words.session;
  if (typeof subject !== "object") return words.unknown;
  if ("protocol" in subject) return subject.protocol;
  if ("app" in subject) return subject.app;
  if ("host" in subject) return subject.host;
  if ("pair" in subject) return words.pair(subject.pair[0], subject.pair[1]);
  if ("service" in subject) return endText(subject.service.address, subject.service.port);
  if ("flow" in subject) return words.flow(count(subject.flow));
  if ("stream" in subject) return words.stream(count(subject.stream));
  // A newer program may know of more.
  return "call" in subject ? words.call(count(subject.call)) : words.unknown;
}
