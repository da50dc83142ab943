/** The pages there are. */

import { Link } from "@tanstack/react-router";
import { Activity, AppWindow, ArrowLeftRight, Layers, ListTree, Table } from "lucide-react";
import { strings } from "../lib/strings";

const PAGES = [
  { to: "/", label: strings.pages.dashboard, Icon: Activity },
  { to: "/live", label: strings.pages.live, Icon: Table },
  { to: "/flows", label: strings.pages.flows, Icon: ArrowLeftRight },
  { to: "/apps", label: strings.pages.apps, Icon: AppWindow },
] as const;

const ANALYSE = [
  { to: "/protocols", label: strings.pages.protocols, Icon: ListTree },
  { to: "/composition", label: strings.pages.composition, Icon: Layers },
] as const;

export function Navigation() {
  return (
    <nav
      aria-label={strings.navigation.label}
      className="flex flex-col gap-0.5 overflow-auto border-line border-r px-2 py-3"
    >
      <div className="mb-3 flex items-center gap-2 px-1.5 font-semibold text-heading tracking-tight lg:px-2">
        <Logo />
        <span className="hidden lg:inline">{strings.program}</span>
      </div>
      <Group label={strings.navigation.monitor} pages={PAGES} />
      <Group label={strings.navigation.analyse} pages={ANALYSE} />
    </nav>
  );
}

function Group({ label: group, pages }: { label: string; pages: typeof PAGES | typeof ANALYSE }) {
  return (
    <>
      <div className="hidden px-2 pb-1 text-fg-3 text-meta not-first-of-type:pt-3 lg:block">{group}</div>
      {pages.map(({ to, label, Icon }) => (
        <Link
          key={to}
          to={to}
          title={label}
          activeOptions={{ exact: true, includeSearch: false }}
          className="flex h-7 items-center gap-2 rounded-md px-2 text-fg-2 hover:bg-raised hover:text-fg aria-[current]:bg-raised aria-[current]:font-medium aria-[current]:text-fg"
        >
          <Icon size={15} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
          <span className="sr-only lg:not-sr-only">{label}</span>
        </Link>
      ))}
    </>
  );
}

function Logo() {
  return (
    <svg width="20" height="20" viewBox="0 0 16 16" aria-hidden="true" className="shrink-0">
      <path
        d="M1 9h3l2-6 4 11 2-5h3"
        fill="none"
        stroke="var(--accent)"
        strokeWidth="2"
        strokeLinejoin="round"
      />
    </svg>
  );
}
