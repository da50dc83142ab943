/** The applications as a table and a file: all that the program tells of, whatever the page is narrowed to. */

import type { AppsTopic } from "../../generated/AppsTopic";
import { appStrings } from "../../lib/app-strings";
import { bitRateText, byteCountText, count, share } from "../../lib/format";
import type { Table } from "../../lib/table";
import { amountOf, type Measure, shareOf } from "../parts/app-shares";
import { toldText } from "./ApplicationRow";
import { unlabelledOf } from "./shown";

export function tableOf(topic: AppsTopic, whole: number, measure: Measure): Table {
  const { columns } = appStrings;
  return {
    columns: [
      { label: columns.app },
      { label: columns.category, roomy: true },
      { label: columns.share, unit: "0 to 1", text: share },
      { label: columns.rate, unit: "b/s", text: bitRateText, roomy: true },
      { label: columns.bytes, unit: "bytes", text: byteCountText },
      { label: columns.up, unit: "bytes", text: byteCountText, roomy: true },
      { label: columns.down, unit: "bytes", text: byteCountText, roomy: true },
      { label: columns.packets, text: count, roomy: true },
      { label: columns.flows, text: count },
      { label: columns.active, text: count, roomy: true },
      { label: columns.told, roomy: true },
    ],
    rows: () => [
      ...topic.apps.map((row) => [
        row.app,
        row.category,
        shareOf(amountOf(row, measure), whole),
        row.bps,
        row.bytes,
        row.bytes_up,
        row.bytes_down,
        row.packets,
        row.flows,
        row.active_flows,
        toldText(row.told_by),
      ]),
      unlabelledCells(topic, whole, measure),
    ],
  };
}

function unlabelledCells(topic: AppsTopic, whole: number, measure: Measure) {
  const rest = unlabelledOf(topic);
  return [
    appStrings.unlabelled,
    "",
    shareOf(amountOf(rest, measure), whole),
    rest.bps,
    rest.bytes,
    rest.bytes_up,
    rest.bytes_down,
    topic.unlabelled.packets,
    rest.flows,
    rest.active_flows,
    "",
  ];
}
