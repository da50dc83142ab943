/** The columns of the table of applications, in their order. */

import { appStrings } from "../../lib/app-strings";
import type { Measure } from "../parts/app-shares";
import type { AppSort } from "./address";

/** What the table leaves out where there is no room: on a phone three columns fit. */
export const ROOMY = {
  category: "@max-3xl:hidden",
  recent: "@max-4xl:hidden",
  /** Of a session that goes on; a file has room for it, because it has no rates. */
  bytes: "@max-7xl:hidden",
  up: "@max-2xl:hidden",
  down: "@max-2xl:hidden",
  flows: "@max-md:hidden",
  told: "@max-5xl:hidden",
} as const;

export interface Column {
  id: keyof typeof appStrings.columns;
  /** What its heading sorts by. */
  by?: AppSort;
  hint?: string;
  right?: boolean;
  /** Width, and where there is room for it. */
  className: string;
}

const { hints } = appStrings;

/** A file has no rates at this moment: without `live` the columns of those are left out. */
export function columnsOf(measure: Measure, live: boolean): readonly Column[] {
  const right = true;
  const rates: Column[] = [
    { id: "rate", by: "rate", hint: hints.rate, right, className: "w-20 @2xl:w-22" },
    { id: "recent", className: `w-26 ${ROOMY.recent}` },
  ];
  return [
    { id: "app", by: "app", className: "@2xl:w-[17%] w-[38%]" },
    { id: "category", by: "category", className: `w-[11%] ${ROOMY.category}` },
    { id: "share", by: "share", hint: hints.share[measure], className: "" },
    ...(live ? rates : []),
    { id: "bytes", by: "bytes", hint: hints.bytes, right, className: `w-20 ${live ? ROOMY.bytes : ""}` },
    { id: "up", by: "up", hint: hints.up, right, className: `w-19 ${ROOMY.up}` },
    { id: "down", by: "down", hint: hints.down, right, className: `w-19 ${ROOMY.down}` },
    { id: "flows", by: "flows", hint: hints.flows, right, className: `w-22 ${ROOMY.flows}` },
    { id: "told", hint: hints.told, className: `w-[16%] ${ROOMY.told}` },
  ];
}
