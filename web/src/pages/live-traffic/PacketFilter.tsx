/** The field that says which packets are listed. */

import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { TextFilter } from "../../components/TextFilter";
import { strings } from "../../lib/strings";

export function PacketFilter({ filter }: { filter: string }) {
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
    <TextFilter
      filter={filter}
      onFilter={ask}
      label={strings.packets.filterLabel}
      placeholder={strings.packets.filterPlaceholder}
      clearLabel={strings.packets.clearFilter}
    />
  );
}
