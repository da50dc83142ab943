/** A state's sign: the shape says as much as the colour. */

export type Tone = "ok" | "warn" | "crit" | "none";

const SHAPES: Record<Tone, { path: string; color: string }> = {
  ok: { path: "M4 0a4 4 0 1 0 0 8a4 4 0 1 0 0-8Z", color: "var(--ok)" },
  warn: { path: "M4 0 8 7.5H0Z", color: "var(--warn)" },
  crit: { path: "M0 0h8v8H0Z", color: "var(--crit)" },
  none: {
    path: "M4 0a4 4 0 1 0 0 8a4 4 0 1 0 0-8Zm0 1.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5Z",
    color: "var(--fg-3)",
  },
};

export function StateDot({ tone }: { tone: Tone }) {
  const { path, color } = SHAPES[tone];
  return (
    <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true" className="shrink-0">
      <path d={path} fill={color} fillRule="evenodd" />
    </svg>
  );
}
