/** One line above a page, and what can be done about it. */

import type { ReactNode } from "react";
import { StateDot, type Tone } from "../components/StateDot";

const LOOKS: Record<Tone, string> = {
  ok: "border-ok/40 bg-ok/10",
  warn: "border-warn/50 bg-warn/10",
  crit: "border-crit/50 bg-crit/10",
  none: "border-line bg-raised",
};

interface BannerProps {
  tone: Tone;
  role?: "alert";
  children: ReactNode;
}

export function Banner({ tone, role, children }: BannerProps) {
  return (
    <div
      role={role}
      className={`flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-1.5 text-fg sm:px-4 ${LOOKS[tone]}`}
    >
      {tone !== "none" && <StateDot tone={tone} />}
      {children}
    </div>
  );
}

interface ActionProps {
  onClick: () => void;
  disabled?: boolean;
  title?: string | undefined;
  children: ReactNode;
}

export function BannerAction({ onClick, disabled = false, title, children }: ActionProps) {
  return (
    <button
      type="button"
      className="min-h-6 font-medium underline underline-offset-2 first-of-type:ml-auto hover:no-underline disabled:opacity-55"
      disabled={disabled}
      title={title}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
