/** One stream in full: its facts, what its MOS rests on, what its receiver reports, its course. */

import { Link } from "@tanstack/react-router";
import { ArrowLeftRight, List, Phone } from "lucide-react";
import { useMemo } from "react";
import { StateDot } from "../../../components/StateDot";
import type { Calls } from "../../../generated/Calls";
import type { RtpStream } from "../../../generated/RtpStream";
import { endText } from "../../../lib/flow-names";
import { mediaStrings } from "../../../lib/media-strings";
import { StreamMos } from "../../parts/media/MosMark";
import { codecAndClock, endsText } from "../../parts/media/names";
import { Gone, Sheet } from "../../parts/Sheet";
import { useOver } from "../../parts/use-over";
import { Courses } from "./Courses";
import { MosFacts, ReportedFacts, StreamFacts } from "./StreamFacts";
import { streamState } from "./states";
import { useCourses } from "./use-courses";
import { useSame } from "./use-same";

const { stream: words } = mediaStrings;

interface Props {
  id: number;
  topic: Calls | null;
  onClose: () => void;
}

export function StreamSheet({ id, topic, onClose }: Props) {
  const stream = topic?.streams.find((one) => one.id === id) ?? null;
  const courses = useCourses(useMemo(() => [id], [id]));
  const label = stream === null ? words.label : codecAndClock(stream);
  const lines = useSame([{ label, hasMos: true }]);
  return (
    <Sheet
      label={words.label}
      closeLabel={words.close}
      onClose={onClose}
      title={stream === null ? words.label : <Ends stream={stream} />}
      {...(stream === null ? {} : { summary: <Summary stream={stream} /> })}
    >
      {stream === null && topic !== null && <Gone text={words.gone} hint={words.goneHint} />}
      {stream !== null && <StreamFacts stream={stream} />}
      <Courses lines={lines} courses={courses} />
      {stream !== null && <MosFacts stream={stream} />}
      {stream?.reported != null && <ReportedFacts reported={stream.reported} />}
    </Sheet>
  );
}

function Ends({ stream }: { stream: RtpStream }) {
  return (
    <span className="mono flex flex-wrap items-center gap-x-1" title={endsText(stream)}>
      <span className="break-all">{endText(stream.src, stream.src_port)}</span>
      <span className="text-fg-3">→</span>
      <span className="break-all">{endText(stream.dst, stream.dst_port)}</span>
    </span>
  );
}

/** What matters most, and where to go on. */
function Summary({ stream }: { stream: RtpStream }) {
  const { active, flow, call } = stream;
  const { tone, text } = streamState(active, useOver());
  return (
    <>
      <span className="font-medium">{codecAndClock(stream)}</span>
      <span className="inline-flex items-center gap-1.5">
        <StateDot tone={tone} />
        {text}
      </span>
      <StreamMos stream={stream} />
      <span className="ml-auto flex flex-wrap gap-2">
        {call !== null && (
          <Link to="/protocols" search={{ view: "calls", call }} className="button">
            <Phone size={14} aria-hidden="true" />
            {words.showCall}
          </Link>
        )}
        <Link to="/flows" search={{ sel: flow }} className="button">
          <ArrowLeftRight size={14} aria-hidden="true" />
          {words.showFlow}
        </Link>
        <Link to="/live" search={{ flow }} className="button">
          <List size={14} aria-hidden="true" />
          {words.showPackets}
        </Link>
      </span>
    </>
  );
}
