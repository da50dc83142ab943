/** How much a row of the table moves: the same cells for an application and for what has no label. */

import { Sparkline } from "../../components/Sparkline";
import { appStrings } from "../../lib/app-strings";
import { bitRateText, byteCountText, count } from "../../lib/format";
import { ROOMY } from "./columns";
import { ShareCell } from "./ShareCell";
import type { Amounts } from "./shown";

/** A reading every 2 s of a minute. */
const READINGS = 30;

interface Props {
  of: Amounts;
  share: number | null;
  /** The largest share of the table, which fills the width. */
  most: number;
  color: string;
  live: boolean;
  /** What the bytes of clients and of servers leave out. */
  sidesHint?: string;
}

export function AmountCells({ of, share, most, color, live, sidesHint }: Props) {
  const number = "whitespace-nowrap px-2 text-right";
  return (
    <>
      <ShareCell share={share} most={most} color={color} />
      {live && <td className={`${number} ${of.bps === 0 ? "text-fg-3" : ""}`}>{bitRateText(of.bps)}</td>}
      {live && (
        <td className={`px-2 ${ROOMY.recent}`}>
          <Sparkline
            values={of.recent_bps}
            most={READINGS}
            label={appStrings.recentOf(
              bitRateText(of.recent_bps.length === 0 ? null : Math.max(...of.recent_bps)),
            )}
          />
        </td>
      )}
      <td className={`${number} ${live ? ROOMY.bytes : ""}`}>{byteCountText(of.bytes)}</td>
      <td className={`${number} text-fg-2 ${ROOMY.up}`} title={sidesHint}>
        {byteCountText(of.bytes_up)}
      </td>
      <td className={`${number} text-fg-2 ${ROOMY.down}`} title={sidesHint}>
        {byteCountText(of.bytes_down)}
      </td>
      <td
        className={`${number} ${ROOMY.flows}`}
        title={live ? appStrings.active(count(of.active_flows)) : undefined}
      >
        {count(of.flows)}
        {live && <Active flows={of.active_flows} />}
      </td>
    </>
  );
}

/** As wide in each row, so that the numbers before it stand under each other. */
function Active({ flows }: { flows: number }) {
  return <span className="inline-block min-w-8 text-fg-3"> ({count(flows)})</span>;
}
