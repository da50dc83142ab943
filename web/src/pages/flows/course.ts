/** What a flow's charts read. */

import type { FlowStep } from "../../generated/FlowStep";
import { CourseCharts } from "../parts/course-charts";

/** The charts of one flow share their time, as those of a page do. */
export class FlowCharts extends CourseCharts<FlowStep> {}
