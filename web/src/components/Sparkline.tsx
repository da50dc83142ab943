/** A line without axes for a table's row: slow numbers only, because React draws it. */

interface Props {
  values: readonly number[];
  /** The readings that fill the width. */
  most: number;
  label: string;
}

const WIDTH = 96;
const HEIGHT = 20;

export function Sparkline({ values, most, label }: Props) {
  const top = Math.max(1, ...values);
  const first = most - values.length;
  const points = values
    .map((value, index) => {
      const x = ((first + index) / (most - 1)) * WIDTH;
      const y = HEIGHT - 1 - (value / top) * (HEIGHT - 2);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--line)" />
      <polyline
        points={points}
        fill="none"
        stroke="var(--accent)"
        strokeWidth="1.25"
        strokeLinejoin="round"
      />
    </svg>
  );
}
