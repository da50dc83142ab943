/** One flow with all that is known of it, asked for again while it may change. */

import type { FlowDetail } from "../../generated/FlowDetail";
import { flowDetail } from "../../live/client";
import { type Known, useDetail } from "../parts/list/use-detail";

const idOf = ({ listed }: FlowDetail): number => listed.id;

export function useFlow(id: number): Known<FlowDetail> & { again: () => void } {
  return useDetail(id, flowDetail, idOf);
}
