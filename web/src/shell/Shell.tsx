/** The frame around every page: navigation, capture controls, banners, status bar. */

import { useNavigate } from "@tanstack/react-router";
import { Tooltip } from "radix-ui";
import { type ReactNode, useMemo } from "react";
import { ConfirmDialog } from "../capture/ConfirmDialog";
import { DropZone } from "../capture/OpenCapture";
import { focusFilter } from "../lib/focus";
import { strings } from "../lib/strings";
import { pause, useSession } from "../live/session";
import { useRangeInAddress } from "../range/address";
import { backToLive, setPickerOpen, step } from "../range/store";
import { Announcer } from "./Announcer";
import { Banners } from "./Banners";
import { HelpDialog } from "./HelpDialog";
import { Navigation } from "./Navigation";
import { Outdated } from "./Outdated";
import { StatusBar } from "./StatusBar";
import { type Shortcuts, setHelpOpen, useShortcuts } from "./shortcuts";
import { TopBar } from "./TopBar";

function togglePause(): void {
  if (useSession.getState().pausedAtPackets === null) pause();
  else backToLive();
}

export function Shell({ children }: { children: ReactNode }) {
  const connection = useSession((session) => session.connection.state);
  const navigate = useNavigate();
  const shortcuts = useMemo<Shortcuts>(
    () => ({
      "?": () => setHelpOpen(true),
      "/": () => {
        if (!focusFilter()) void navigate({ to: "/live", search: {} });
      },
      "g d": () => void navigate({ to: "/" }),
      "g l": () => void navigate({ to: "/live", search: {} }),
      " ": togglePause,
      "[": () => step(-1),
      "]": () => step(1),
      t: () => setPickerOpen(true),
      Escape: backToLive,
    }),
    [navigate],
  );
  useShortcuts(shortcuts);
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
            <TopBar />
            <Banners />
          </header>
          <main
            id="main"
            tabIndex={-1}
            data-lost={connection === "closed" ? "" : undefined}
            className="min-h-0 flex-1 overflow-auto p-3 outline-none data-lost:opacity-60"
          >
            {children}
          </main>
        </div>
        <StatusBar />
      </div>
      <Announcer />
      <DropZone />
      <ConfirmDialog />
      <HelpDialog />
    </Tooltip.Provider>
  );
}
