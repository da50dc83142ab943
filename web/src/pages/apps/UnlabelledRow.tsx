/** What could be said of no application: its part, and what can be done about it. */

import { Link } from "@tanstack/react-router";
import { CircleHelp } from "lucide-react";
import { appStrings } from "../../lib/app-strings";
import { bitRateText, byteCountText, count, UNKNOWN } from "../../lib/format";
import { ROOMY } from "./columns";
import { ShareCell } from "./ShareCell";

export interface Unlabelled {
  flows: number;
  bytes: number;
  bps: number | null;
}

interface Props {
  of: Unlabelled;
  share: number | null;
  most: number;
  live: boolean;
  onOpen: () => void;
}

export function UnlabelledRow({ of, share, most, live, onOpen }: Props) {
  return (
    // The link in the first cell does the same for the keyboard.
    <tr className="h-(--row) cursor-default border-line border-t hover:bg-raised" onClick={onOpen}>
      <th scope="row" className="px-2 text-left font-normal">
        <span className="flex min-w-0 items-center gap-2">
          <CircleHelp size={14} aria-hidden="true" className="shrink-0 text-fg-3" />
          <Link
            to="/flows"
            search={{ app: "" }}
            title={appStrings.flowsUnlabelled}
            className="flex min-h-6 min-w-0 items-center text-fg-2 hover:underline"
            onClick={(event) => event.stopPropagation()}
          >
            <span className="truncate">{appStrings.unlabelled}</span>
          </Link>
        </span>
      </th>
      <td className={ROOMY.category} />
      <ShareCell share={share} most={most} color="var(--line-strong)" />
      {live && <td className="whitespace-nowrap px-2 text-right">{bitRateText(of.bps)}</td>}
      {live && <td className={ROOMY.recent} />}
      <td className={`whitespace-nowrap px-2 text-right ${live ? ROOMY.bytes : ""}`}>
        {byteCountText(of.bytes)}
      </td>
      {/* Nobody is the client of a packet without a flow: which way it went has no name. */}
      <td className={`px-2 text-right text-fg-3 ${ROOMY.up}`}>{UNKNOWN}</td>
      <td className={`px-2 text-right text-fg-3 ${ROOMY.down}`}>{UNKNOWN}</td>
      <td className={`whitespace-nowrap px-2 text-right ${ROOMY.flows}`}>
        {count(of.flows)}
        {/* As much room as the others have for their active ones. */}
        {live && <span className="inline-block min-w-8" />}
      </td>
      <td className={ROOMY.told} />
    </tr>
  );
}
