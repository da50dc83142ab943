/** The courses of some streams, asked for again while they may change. */

import { useCallback, useMemo, useRef, useState } from "react";
import type { StreamCourse } from "../../../generated/StreamCourse";
import { Refused, streamCourse } from "../../../live/client";
import { useAskAgain } from "../../parts/ask-again";

/** One for each of `streams`, in their order; `null` while it is on its way. */
export function useCourses(streams: readonly number[]): readonly (StreamCourse | null)[] {
  const [known, setKnown] = useState<ReadonlyMap<number, StreamCourse>>(new Map());
  const key = streams.join(",");
  const wanted = useMemo(() => (key === "" ? [] : key.split(",").map(Number)), [key]);
  const asking = useRef<string | null>(null);
  const ask = useCallback(() => {
    // An answer that takes longer than a second is waited for.
    if (asking.current === key) return;
    asking.current = key;
    void Promise.all(wanted.map(courseOf)).then((answers) => {
      // Whoever went on to other streams wants nothing of these.
      if (asking.current !== key) return;
      asking.current = null;
      const came = answers.filter((course) => course !== null);
      if (came.length > 0) setKnown((before) => joined(before, came));
    });
  }, [key, wanted]);
  useAskAgain(ask);
  return useMemo(() => wanted.map((stream) => known.get(stream) ?? null), [wanted, known]);
}

/** One that the program does not keep has no steps; `null` where nobody could be asked. */
async function courseOf(stream: number): Promise<StreamCourse | null> {
  try {
    return await streamCourse(stream);
  } catch (error) {
    const refused = error instanceof Refused && error.code !== null;
    return refused ? { stream, from_ms: null, step_s: 0, steps: [] } : null;
  }
}

/** What was known of a stream stays where there is no more to know. */
function joined(
  before: ReadonlyMap<number, StreamCourse>,
  came: readonly StreamCourse[],
): ReadonlyMap<number, StreamCourse> {
  const next = new Map(before);
  for (const course of came) {
    if (course.steps.length > 0 || !next.has(course.stream)) next.set(course.stream, course);
  }
  return next;
}
