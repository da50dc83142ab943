/** A share as a bar and a number; the largest of the table fills the width. */

import { share as shareText } from "../../lib/format";

interface Props {
  share: number | null;
  most: number;
  color: string;
}

export function ShareCell({ share, most, color }: Props) {
  const width = share === null || most === 0 ? 0 : (share / most) * 100;
  return (
    <td className="px-2">
      <span className="flex items-center gap-2">
        <span className="@max-2xs:hidden block h-2 min-w-0 flex-1 rounded-xs bg-raised" aria-hidden="true">
          <i
            className="swatch block h-full rounded-xs"
            style={{ width: `${width}%`, minWidth: width > 0 ? 2 : 0, background: color }}
          />
        </span>
        <span className={`ml-auto w-12 shrink-0 text-right ${share === 0 ? "text-fg-3" : ""}`}>
          {shareText(share)}
        </span>
      </span>
    </td>
  );
}
