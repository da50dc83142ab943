/** The pages there are. */

import { Link } from "@tanstack/react-router";
import {
  Activity,
  AppWindow,
  ArrowLeftRight,
  FileText,
  Globe2,
  Layers,
  ListTree,
  MessageSquareText,
  Server,
  Table,
  TriangleAlert,
} from "lucide-react";
import { count } from "../lib/format";
import { strings } from "../lib/strings";
import { useUnread } from "./unread";

const PAGES = [
  { to: "/", label: strings.pages.dashboard, Icon: Activity },
  { to: "/live", label: strings.pages.live, Icon: Table },
  { to: "/flows", label: strings.pages.flows, Icon: ArrowLeftRight },
  { to: "/hosts", label: strings.pages.hosts, Icon: Server },
  { to: "/apps", label: strings.pages.apps, Icon: AppWindow },
] as const;

const ANALYSE = [
  { to: "/protocols", label: strings.pages.protocols, Icon: ListTree },
  { to: "/composition", label: strings.pages.composition, Icon: Layers },
  { to: "/map", label: strings.pages.map, Icon: Globe2 },
] as const;

const EXPLAIN = [
  { to: "/summaries", label: strings.pages.summaries, Icon: MessageSquareText },
  { to: "/findings", label: strings.pages.findings, Icon: TriangleAlert },
  { to: "/report", label: strings.pages.report, Icon: FileText },
] as const;

export function Navigation() {
  const unread = useUnread();
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
      <Group label={strings.navigation.explain} pages={EXPLAIN} marks={{ "/summaries": unread }} />
    </nav>
  );
}

interface GroupProps {
  label: string;
  pages: typeof PAGES | typeof ANALYSE | typeof EXPLAIN;
  /** How much there is to read on a page, by its path. */
  marks?: Partial<Record<string, number>>;
}

function Group({ label: group, pages, marks = {} }: GroupProps) {
  return (
    <>
      <div className="hidden px-2 pb-1 text-fg-3 text-meta not-first-of-type:pt-3 lg:block">{group}</div>
      {pages.map(({ to, label, Icon }) => (
        <Link
          key={to}
          to={to}
          title={label}
          activeOptions={{ exact: true, includeSearch: false }}
          className="relative flex h-7 shrink-0 items-center gap-2 rounded-md px-2 text-fg-2 hover:bg-raised hover:text-fg aria-[current]:bg-raised aria-[current]:font-medium aria-[current]:text-fg"
        >
          <Icon size={15} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
          <span className="sr-only lg:not-sr-only">{label}</span>
          <Mark unread={marks[to] ?? 0} />
        </Link>
      ))}
    </>
  );
}

/** More than this nobody counts, and the mark would grow. */
const MOST_SAID = 99;

/** A number where there is room, else a dot. */
function Mark({ unread }: { unread: number }) {
  if (unread === 0) return null;
  const said = unread > MOST_SAID ? `${count(MOST_SAID)}+` : count(unread);
  return (
    <>
      <span
        aria-hidden="true"
        className="ml-auto hidden min-w-4.5 rounded-full bg-accent px-1 text-center font-semibold text-accent-fg text-meta leading-[18px] lg:block"
      >
        {said}
      </span>
      <span aria-hidden="true" className="absolute top-1 right-0.5 size-2 rounded-full bg-accent lg:hidden" />
      <span className="sr-only">{strings.navigation.unread(said)}</span>
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
