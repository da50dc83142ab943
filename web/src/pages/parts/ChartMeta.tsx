/** The range, and a warning beside it where packets are missing from the numbers. */

import { strings } from "../../lib/strings";
import { useSession } from "../../live/session";

export function ChartMeta({ range }: { range: string }) {
  const dropped = useSession(
    ({ totals }) => (totals?.traffic.kernel_drops ?? 0) + (totals?.traffic.interface_drops ?? 0) > 0,
  );
  return (
    <>
      {dropped && (
        <span title={strings.dashboard.dropsHint} className="mr-2 font-semibold text-meta text-warn">
          ▲ {strings.dashboard.drops}
        </span>
      )}
      <span className="max-sm:hidden">{range}</span>
    </>
  );
}
