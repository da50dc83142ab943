/** The pages and what their addresses hold. */

import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  Outlet,
  retainSearchParams,
} from "@tanstack/react-router";
import { lazyPage, loadPages } from "./lazy-page";
import { strings } from "./lib/strings";
import { reasonOf } from "./live/client";
import { appsSearch } from "./pages/apps/address";
import { compositionSearch } from "./pages/composition/unit";
import { Dashboard } from "./pages/dashboard/Dashboard";
import { findingsSearch } from "./pages/findings/address";
import { flowsSearch } from "./pages/flows/address";
import { hostsSearch } from "./pages/hosts/address";
import { mapSearch } from "./pages/map/address";
import { protocolSearch } from "./pages/protocols/chosen";
import { summariesSearch } from "./pages/summaries/address";
import { rangeSearch } from "./range/address";
import type { RangeSearch } from "./range/range";
import { Shell } from "./shell/Shell";

/** What the address of the live traffic holds. */
export interface LiveSearch {
  filter?: string;
  /** The packet whose details are open. */
  packet?: number;
  /** Only the packets of this flow, by its id in the list of flows. */
  flow?: number;
}

/** An address is typed and pasted by people: what does not fit is left out. */
export function liveSearch(search: Record<string, unknown>): LiveSearch {
  const found: LiveSearch = {};
  if (typeof search.filter === "string" || typeof search.filter === "number") {
    const filter = String(search.filter).trim();
    if (filter !== "") found.filter = filter;
  }
  const packet = Number(search.packet);
  if (Number.isSafeInteger(packet) && packet > 0) found.packet = packet;
  const flow = typeof search.flow === "number" ? search.flow : Number.NaN;
  if (Number.isSafeInteger(flow) && flow >= 0) found.flow = flow;
  return found;
}

const root = createRootRoute({
  validateSearch: rangeSearch,
  // Going to another page keeps the time that is looked at.
  search: { middlewares: [retainSearchParams<RangeSearch>(["from", "to"])] },
  component: () => (
    <Shell>
      <Outlet />
    </Shell>
  ),
  notFoundComponent: () => <p>{strings.errors.pageMissing}</p>,
  errorComponent: PageFailed,
});

const dashboard = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: Dashboard,
});

const live = createRoute({
  getParentRoute: () => root,
  path: "/live",
  validateSearch: liveSearch,
  component: lazyPage(() => import("./pages/live-traffic/LiveTraffic"), "LiveTraffic"),
});

const flows = createRoute({
  getParentRoute: () => root,
  path: "/flows",
  validateSearch: flowsSearch,
  component: lazyPage(() => import("./pages/flows/Flows"), "Flows"),
});

const hosts = createRoute({
  getParentRoute: () => root,
  path: "/hosts",
  validateSearch: hostsSearch,
  component: lazyPage(() => import("./pages/hosts/Hosts"), "Hosts"),
});

const apps = createRoute({
  getParentRoute: () => root,
  path: "/apps",
  validateSearch: appsSearch,
  component: lazyPage(() => import("./pages/apps/Apps"), "Apps"),
});

const protocols = createRoute({
  getParentRoute: () => root,
  path: "/protocols",
  validateSearch: protocolSearch,
  component: lazyPage(() => import("./pages/protocols/Protocols"), "Protocols"),
});

const composition = createRoute({
  getParentRoute: () => root,
  path: "/composition",
  validateSearch: compositionSearch,
  component: lazyPage(() => import("./pages/composition/Composition"), "Composition"),
});

const map = createRoute({
  getParentRoute: () => root,
  path: "/map",
  validateSearch: mapSearch,
  component: lazyPage(() => import("./pages/map/GeoMap"), "GeoMap"),
});

const summaries = createRoute({
  getParentRoute: () => root,
  path: "/summaries",
  validateSearch: summariesSearch,
  component: lazyPage(() => import("./pages/summaries/Summaries"), "Summaries"),
});

const findings = createRoute({
  getParentRoute: () => root,
  path: "/findings",
  validateSearch: findingsSearch,
  component: lazyPage(() => import("./pages/findings/Findings"), "Findings"),
});

const report = createRoute({
  getParentRoute: () => root,
  path: "/report",
  component: lazyPage(() => import("./pages/report/Report"), "Report"),
});

/** Stands in the page's place: navigation and banners stay. */
function PageFailed({ error, reset }: ErrorComponentProps) {
  return (
    <div role="alert" className="p-6">
      <p>{strings.panel.failed}</p>
      <p className="mono mt-2 text-fg-2">{reasonOf(error)}</p>
      <button type="button" className="button mt-3" onClick={() => void loadPages().then(reset)}>
        {strings.panel.retry}
      </button>
    </div>
  );
}

export const router = createRouter({
  routeTree: root.addChildren([
    dashboard,
    live,
    flows,
    hosts,
    apps,
    protocols,
    composition,
    map,
    summaries,
    findings,
    report,
  ]),
  defaultPreload: "intent",
  defaultErrorComponent: PageFailed,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
