/** One bar of parts that make up a whole. Its numbers stand beside it, so screen readers skip it. */

export interface Part {
  key: string;
  value: number;
  color: string;
  /** What the pointer is told of it. */
  title?: string;
}

interface Props {
  parts: readonly Part[];
  /** The bar is the drawing and not beside one. */
  tall?: boolean;
}

export function ShareBar({ parts, tall = false }: Props) {
  const whole = parts.reduce((sum, part) => sum + part.value, 0);
  return (
    <div
      className={`flex gap-px overflow-hidden rounded-xs bg-raised ${tall ? "h-7" : "h-2.5"}`}
      aria-hidden="true"
    >
      {parts
        .filter((part) => part.value > 0)
        .map((part) => (
          <i
            key={part.key}
            className="swatch"
            title={part.title}
            style={{ width: `${(part.value / whole) * 100}%`, background: part.color }}
          />
        ))}
    </div>
  );
}
