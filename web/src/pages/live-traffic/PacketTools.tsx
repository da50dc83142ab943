/** What stands over the list of packets: the field that says which are listed, and what else chooses. */

import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useCallback } from "react";
import { Toolbar } from "../../components/Toolbar";
import { strings } from "../../lib/strings";

export function PacketTools({ filter, children }: { filter: string; children: ReactNode }) {
  const navigate = useNavigate();
  const ask = useCallback(
    (wanted: string) =>
      void navigate({
        to: "/live",
        // Another filter is another list: no packet of the one before is looked at. The flow stays.
        search: ({ flow }) => ({
          ...(flow === undefined ? {} : { flow }),
          ...(wanted === "" ? {} : { filter: wanted }),
        }),
        replace: true,
      }),
    [navigate],
  );
  return (
    <Toolbar filter={filter} onFilter={ask} words={strings.packets} inset>
      {children}
    </Toolbar>
  );
}
