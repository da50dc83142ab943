/** The frame around every page: navigation, capture controls, banners, status bar. */

import { useLocation } from "@tanstack/react-router";
import { Tooltip } from "radix-ui";
import { type ReactNode, Suspense, useMemo, useState } from "react";
import { useControls } from "../capture/controls";
import { DropZone } from "../capture/OpenCapture";
import { Boundary } from "../components/Boundary";
import { lazyPage } from "../lazy-page";
import { strings } from "../lib/strings";
import { useSession } from "../live/session";
import { useRangeInAddress } from "../range/address";
import { Announcer } from "./Announcer";
import { Banners } from "./Banners";
import { type Command, useCommands } from "./commands";
import { Navigation } from "./Navigation";
import { Outdated } from "./Outdated";
import { usePalette, usePaletteKey } from "./palette-state";
import { StatusBar } from "./StatusBar";
import { type Shortcuts, useShortcutChoice, useShortcuts } from "./shortcuts";
import { TopBar } from "./TopBar";

// Drawn when they are first asked for.
const ConfirmDialog = lazyPage(() => import("../capture/ConfirmDialog"), "ConfirmDialog");
const Palette = lazyPage(() => import("./Palette"), "Palette");
const HelpDialog = lazyPage(() => import("./HelpDialog"), "HelpDialog");

/** The pages that are of the whole session, so that a range of time would change nothing on them. */
const OF_SESSION = new Set(["/flows", "/hosts", "/apps", "/map", "/summaries", "/findings", "/report"]);

/** The keys of the commands, once for all renders. */
function shortcutsOf(commands: readonly Command[]): Shortcuts {
  return Object.fromEntries(commands.flatMap(({ keys, run }) => (keys === undefined ? [] : [[keys, run]])));
}

export function Shell({ children }: { children: ReactNode }) {
  const connection = useSession((session) => session.connection.state);
  const lost = useSession((session) => session.lost_at_ms !== null && session.status !== null);
  const asked = useEver(useControls((controls) => controls.confirmation !== null));
  const helped = useEver(useShortcutChoice((choice) => choice.helpOpen));
  const commanded = useEver(usePalette((palette) => palette.open));
  const hasRange = useLocation({ select: ({ pathname }) => !OF_SESSION.has(pathname) });
  const commands = useCommands();
  const shortcuts = useMemo(() => shortcutsOf(commands), [commands]);
  useShortcuts(shortcuts);
  usePaletteKey();
  useRangeInAddress();
  if (connection === "outdated") return <Outdated />;
  return (
    <Tooltip.Provider delayDuration={400}>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-panel focus:p-2"
      >
        {strings.skipToContent}
      </a>
      <div className="grid h-dvh grid-cols-[48px_minmax(0,1fr)] grid-rows-[minmax(0,1fr)_26px] lg:grid-cols-[188px_minmax(0,1fr)]">
        <Navigation />
        <div className="flex min-h-0 min-w-0 flex-col">
          <header className="shrink-0">
            <TopBar hasRange={hasRange} />
            <Banners />
          </header>
          <main
            id="main"
            tabIndex={-1}
            data-lost={lost ? "" : undefined}
            className="min-h-0 flex-1 overflow-auto p-3 outline-none data-lost:opacity-60"
          >
            {children}
          </main>
        </div>
        <StatusBar />
      </div>
      <Announcer />
      <DropZone />
      <Over>{asked && <ConfirmDialog />}</Over>
      <Over>{helped && <HelpDialog />}</Over>
      <Over>{commanded && <Palette />}</Over>
    </Tooltip.Provider>
  );
}

/** What is drawn over the page. Where its code does not come that is said in a corner, and the page stays. */
function Over({ children }: { children: ReactNode }) {
  return (
    <div className="panel fixed right-3 bottom-10 z-50 max-w-sm empty:hidden">
      <Boundary>
        <Suspense>{children}</Suspense>
      </Boundary>
    </div>
  );
}

/** Whether something was ever wanted: what was loaded for it stays, so that it can close. */
function useEver(wanted: boolean): boolean {
  const [ever, setEver] = useState(wanted);
  if (wanted && !ever) setEver(true);
  return ever;
}
