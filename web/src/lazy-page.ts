/** Pages and large parts of them that are loaded when they are first looked at, or before, while the program is there. */

import { type AsyncRouteComponent, lazyRouteComponent } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { strings } from "./lib/strings";
import { useSession } from "./live/session";

const pages: Pick<AsyncRouteComponent<object>, "preload">[] = [];

/**
 * A page, or a part of one, whose code `load` brings. Where that fails it says so in its place: reloading would throw
 * away what is shown. It is tried again when the program is reached again.
 */
export function lazyPage<Name extends string, Props extends object>(
  load: () => Promise<Record<Name, (props: Props) => ReactNode>>,
  name: NoInfer<Name>,
) {
  const page = lazyRouteComponent(async (): Promise<{ default: (props: Props) => ReactNode }> => {
    try {
      return { default: (await load())[name] };
    } catch (error) {
      // In its own words the router would take it for an update of the program, and reload.
      throw new Error(strings.errors.pageNotLoaded, { cause: error });
    }
  });
  pages.push(page);
  return page;
}

/** Loads every page that is not there yet. Never rejects: what fails tells so when it is looked at. */
export async function loadPages(): Promise<void> {
  await Promise.all(pages.map((page) => page.preload?.()));
}

/** Loads the pages in a quiet moment whenever the program is reached: later it may be gone. */
export function loadPagesWhileConnected(): void {
  useSession.subscribe(({ connection }, before) => {
    if (connection.state !== "open" || before.connection.state === "open") return;
    whenIdle(() => void loadPages());
  });
}

/** Not every browser tells when it is idle. */
function whenIdle(work: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(work, { timeout: 5_000 });
  else setTimeout(work, 1_000);
}
