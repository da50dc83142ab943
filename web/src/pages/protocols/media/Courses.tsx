/** Streams over their time: MOS, jitter and loss, in charts that share it. */

import { useEffect, useMemo } from "react";
import type { Scale, Series } from "../../../components/lines";
import { TimeChart } from "../../../components/TimeChart";
import type { StreamCourse } from "../../../generated/StreamCourse";
import { dateAndUtc, delayText, durationText, mosText, percentageText, timeOfDay } from "../../../lib/format";
import { mediaStrings } from "../../../lib/media-strings";
import { MosValue } from "../../parts/media/MosMark";
import { StreamCharts, worstOf } from "./course";

const { stream: words } = mediaStrings;

/** More lines than these cannot be told apart. */
export const MOST_LINES = 4;

const LOOKS: readonly Pick<Series, "color" | "dash">[] = [
  { color: "--in" },
  { color: "--out", dash: [6, 3] },
  { color: "--rtp", dash: [2, 2] },
  { color: "--fg-2", dash: [8, 3, 2, 3] },
];

/** One stream alone has the colour of its protocol. */
const ALONE: Pick<Series, "color" | "fill"> = { color: "--rtp", fill: true };

/** No MOS is less or more (ITU-T G.107, Annex B): a chart from 0 on would flatter what is bad. */
const MOS_SCALE: Scale = [1, 4.5];

/** One stream in the charts. */
export interface CourseLine {
  label: string;
  /** Whether it is speech of a codec that has figures. */
  hasMos: boolean;
}

interface Props {
  /** In the order of `courses`; another list builds other charts. Constant or memoised. */
  lines: readonly CourseLine[];
  courses: readonly (StreamCourse | null)[];
}

export function Courses({ lines, courses }: Props) {
  const { shared, series, mos, read } = useMemo(() => chartsOf(lines), [lines]);
  useEffect(() => shared.show(courses), [shared, courses]);
  if (courses.every((course) => course !== null && course.steps.length === 0))
    return <p className="text-fg-3">{words.noCourse}</p>;
  const step_s = Math.max(0, ...courses.map((course) => course?.step_s ?? 0));
  const meta = <span className="text-meta">{step_s > 0 ? words.step(durationText(step_s)) : ""}</span>;
  const parts = { low: true, meta, events: shared.events, subscribe: shared.subscribe };
  return (
    <div className="grid gap-3">
      <WorstMoment lines={lines} courses={courses} />
      <TimeChart
        {...parts}
        title={words.charts.mos}
        unit={words.charts.scale}
        scale={MOS_SCALE}
        series={mos}
        read={read.mos}
        format={mosText}
        unknown={words.noMos}
      />
      <TimeChart
        {...parts}
        title={words.charts.jitter}
        unit="ms"
        series={series}
        read={read.jitter}
        format={delayText}
        unknown={words.noJitter}
      />
      <TimeChart
        {...parts}
        title={words.charts.loss}
        unit="%"
        series={series}
        read={read.loss}
        format={percentageText}
      />
    </div>
  );
}

/** A call may have been good as a whole, and not to be understood for half a minute. */
function WorstMoment({ lines, courses }: Props) {
  const worst = worstOf(courses);
  if (worst === null) return null;
  const { label = "" } = lines[worst.place] ?? {};
  return (
    <p className="panel flex flex-wrap items-center gap-x-3 px-3 py-2 text-table">
      <span className="font-semibold text-fg-2">{words.worst}</span>
      <MosValue mos={worst.mos} />
      <span className="text-fg-3" title={dateAndUtc(worst.at_ms)}>
        {lines.length === 1 ? timeOfDay(worst.at_ms) : words.worstOf(timeOfDay(worst.at_ms), label)}
      </span>
    </p>
  );
}

function chartsOf(lines: readonly CourseLine[]) {
  const shared = new StreamCharts();
  const series = lines.map(({ label }, place) => ({ label, ...looksOf(lines.length, place) }));
  const speech = [...lines.keys()].filter((place) => lines[place]?.hasMos);
  // A picture has no MOS: a line for it would be nothing but a name. Where none has one, the chart says so.
  const places = speech.length === 0 ? [...lines.keys()] : speech;
  const read = {
    mos: shared.lines(({ mos }) => mos, places),
    jitter: shared.lines(({ jitter_ms }) => jitter_ms),
    loss: shared.lines(({ lost_percentage }) => lost_percentage),
  };
  return { shared, series, mos: series.filter((_, place) => places.includes(place)), read };
}

function looksOf(lines: number, place: number): Omit<Series, "label"> {
  return lines === 1 ? ALONE : (LOOKS[place % MOST_LINES] ?? ALONE);
}
