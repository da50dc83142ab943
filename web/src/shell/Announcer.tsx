/** The one polite status region: says changes of state, a second after the last one. */

import { useEffect, useState } from "react";
import { useAnnouncement } from "../lib/announce";
import { strings } from "../lib/strings";
import { type Session, useSession } from "../live/session";
import { useAlarms } from "./alarms";
import { stateWords } from "./state-words";

const SETTLE_MS = 1_000;

export function Announcer() {
  const state = useSession(wordsOf);
  const words = useAnnouncement((announcement) => announcement.words);
  const [said, setSaid] = useState("");
  useAlarms();
  useEffect(() => {
    const timer = setTimeout(() => setSaid(state), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [state]);
  useEffect(() => {
    const timer = setTimeout(() => setSaid(words), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [words]);
  return (
    <div role="status" className="sr-only">
      {said}
    </div>
  );
}

function wordsOf({ connection, status, pausedAtPackets }: Session): string {
  if (connection.state === "closed") return strings.announce.lost;
  if (pausedAtPackets !== null) return strings.announce.paused;
  switch (status?.state) {
    case "running":
      return stateWords(status).words;
    case "finished":
      if (status.summarizing) return strings.states.summarizing;
      return strings.announce.finished[status.source?.kind ?? "interface"];
    case "failed":
      return strings.announce.failed;
    default:
      return "";
  }
}
