/** What could be said of no application: its part, and what can be done about it. */

import { Link } from "@tanstack/react-router";
import { CircleHelp } from "lucide-react";
import { appStrings } from "../../lib/app-strings";
import { AmountCells } from "./AmountCells";
import { ROOMY } from "./columns";
import type { Amounts } from "./shown";

interface Props {
  of: Amounts;
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
      <AmountCells
        of={of}
        share={share}
        most={most}
        color="var(--line-strong)"
        live={live}
        sidesHint={appStrings.unlabelledSidesHint}
      />
      <td className={ROOMY.told} />
    </tr>
  );
}
