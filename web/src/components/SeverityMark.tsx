/** How bad something is: a sign of its own shape, and the word. */

import { Info, OctagonAlert, TriangleAlert } from "lucide-react";

const LOOKS = {
  info: { Icon: Info, color: "text-fg-2" },
  warning: { Icon: TriangleAlert, color: "text-warn" },
  critical: { Icon: OctagonAlert, color: "text-crit" },
} as const;

interface Props {
  severity: keyof typeof LOOKS;
  /** The word for it. */
  word: string;
  /** The sign alone, where the word is for those who cannot see it. */
  compact?: boolean;
}

export function SeverityMark({ severity, word, compact = false }: Props) {
  const { Icon, color } = LOOKS[severity];
  return (
    <span
      className={`inline-flex shrink-0 items-center gap-1.5 font-medium ${color}`}
      title={compact ? word : undefined}
    >
      <Icon size={14} aria-hidden="true" className="shrink-0" />
      <span className={compact ? "sr-only" : ""}>{word}</span>
    </span>
  );
}
