/** Parts of a whole as bars under each other, the largest first: lengths compare better than the slices of a pie. */

import { share } from "../lib/format";

export interface Bar {
  key: string;
  label: string;
  value: number;
  /** The value with its unit. */
  text: string;
  color: string;
  /** It leads nowhere although others do. */
  still?: boolean;
}

interface Props {
  bars: readonly Bar[];
  /** What the shares are of: the sum of the bars where it is left out. */
  whole?: number;
  /** Says what a press on a bar does; with it, each can be pressed. */
  pick?: { hint: (label: string) => string; go: (key: string) => void };
}

export function BarList({ bars, whole, pick }: Props) {
  const sum = whole ?? bars.reduce((all, { value }) => all + value, 0);
  const most = Math.max(...bars.map(({ value }) => value), 0);
  return (
    <ul className="flex flex-col gap-0.5 px-3 pb-2 text-table">
      {bars.map((bar) => (
        <li key={bar.key} className="py-0.5">
          {pick === undefined || bar.still === true ? (
            <Row bar={bar} sum={sum} most={most} />
          ) : (
            <button
              type="button"
              className="block w-full rounded text-left hover:bg-raised"
              title={pick.hint(bar.label)}
              onClick={() => pick.go(bar.key)}
            >
              <Row bar={bar} sum={sum} most={most} />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function Row({ bar, sum, most }: { bar: Bar; sum: number; most: number }) {
  return (
    <>
      <span className="flex min-h-5 items-center gap-2">
        <bdi className="min-w-0 truncate font-medium" title={bar.label}>
          {bar.label}
        </bdi>
        <span className="ml-auto text-fg-2">{share(sum === 0 ? null : bar.value / sum)}</span>
        <span className="min-w-16 text-right text-fg-3">{bar.text}</span>
      </span>
      <span className="mt-0.5 block h-1.5 rounded-xs bg-raised" aria-hidden="true">
        <i
          className="swatch block h-full rounded-xs"
          style={{ width: `${most === 0 ? 0 : (bar.value / most) * 100}%`, background: bar.color }}
        />
      </span>
    </>
  );
}
