/** Copies a text, and says that it did. */

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { strings } from "../lib/strings";

interface CopyButtonProps {
  /** Asked for when the button is pressed. */
  text: () => string;
  label: string;
  /** The sign alone, where the label is for those who cannot see it. */
  compact?: boolean;
  className?: string;
}

const SAID_FOR_MS = 2_000;

export function CopyButton({ text, label, compact = false, className = "" }: CopyButtonProps) {
  const [said, setSaid] = useState<string | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setSaid(strings.copy.done);
    } catch {
      // The browser gives the clipboard only to pages it trusts: those of this machine, or over TLS.
      setSaid(strings.copy.refused);
    }
  };
  return (
    <button
      type="button"
      title={compact ? label : undefined}
      className={`button shrink-0 ${className}`}
      onClick={() => void copy()}
    >
      {said === strings.copy.done ? (
        <Check size={14} aria-hidden="true" />
      ) : (
        <Copy size={14} aria-hidden="true" />
      )}
      <span aria-live="polite" className={compact && said === null ? "sr-only" : ""}>
        {said ?? label}
      </span>
    </button>
  );
}
