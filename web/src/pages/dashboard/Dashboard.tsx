/** Is it healthy, what changed, who is it: the first page. */

import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, Suspense, useCallback, useEffect, useMemo } from "react";
import { Boundary } from "../../components/Boundary";
import type { Series } from "../../components/lines";
import { lazyPage } from "../../lazy-page";
import { strings } from "../../lib/strings";
import { bus } from "../../live/bus";
import type { Column } from "../../live/history";
import { useSession } from "../../live/session";
import { useTitle } from "../../live/title";
import { useRangeLabel } from "../../range/label";
import { chartLines } from "../parts/lines";
import { RateChart } from "../parts/RateChart";
import { RoundTrips } from "../parts/RoundTrips";
import { Waiting } from "../parts/Waiting";
import { AlertStrip } from "./AlertStrip";
import { CARDS, STALE_CHECK_MS } from "./cards";
import { FirstRun } from "./FirstRun";
import { Kpi } from "./Kpi";
import { PairKpi } from "./PairKpi";
import { Protocols } from "./Protocols";
import { WhatChanged } from "./WhatChanged";

// The numbers do not wait for the code of what stands under them, nor for the map's outlines.
const Talkers = lazyPage(() => import("./Talkers"), "Talkers");
const Destinations = lazyPage(() => import("./Destinations"), "Destinations");
const LatestPackets = lazyPage(() => import("./LatestPackets"), "LatestPackets");
const Composition = lazyPage(() => import("./Composition"), "Composition");
const TopApps = lazyPage(() => import("./TopApps"), "TopApps");
const Hosts = lazyPage(() => import("./Hosts"), "Hosts");

export function Dashboard() {
  const state = useSession((session) => session.status?.state ?? null);
  useTitle(strings.pages.dashboard);
  if (state === null) return <Skeleton />;
  return state === "idle" ? <FirstRun /> : <Numbers />;
}

function Numbers() {
  const totals = useSession((session) => session.totals);
  const protocols = useSession((session) => session.protocols);
  const hosts = useSession((session) => session.hosts);
  const apps = useSession((session) => session.apps);
  const findings = useSession((session) => session.findings);
  const places = useSession((session) => session.places);
  const navigate = useNavigate();
  const pick = useCallback(
    (filter: string) => void navigate({ to: "/live", search: { filter } }),
    [navigate],
  );
  useStaleNumbers();
  const range = useRangeLabel();
  const seen = (totals?.traffic.packets ?? 0) > 0;
  const packetsSpan = `col-span-12 ${places === null ? "" : "xl:col-span-7"}`;
  return (
    <div className="flex min-h-full flex-col gap-3">
      <h1 className="sr-only">{strings.pages.dashboard}</h1>
      <AlertStrip />
      <div className="grid flex-1 auto-rows-auto grid-cols-12 grid-rows-[max-content] content-stretch gap-3">
        <ul aria-label={strings.dashboard.numbers} className={CARD_GRID}>
          {CARDS.map((card) =>
            "pair" in card ? <PairKpi key={card.label} card={card} /> : <Kpi key={card.label} card={card} />,
          )}
        </ul>
        {!seen && <Waiting />}
        {seen && <Throughput range={range} />}
        {seen && (
          <RateChart
            rate="packetRate"
            series={PACKET_SERIES}
            read={PACKET_LINES}
            range={range}
            className="col-span-12 md:col-span-6 wide:col-span-3"
          />
        )}
        {seen && <RoundTrips range={range} jitter className="col-span-12 md:col-span-6 wide:col-span-3" />}
        {seen && hosts !== null && (
          <Later className={TALKERS_SPAN}>
            <Talkers hosts={hosts} onPick={pick} className={TALKERS_SPAN} />
          </Later>
        )}
        {seen && protocols !== null && (
          <Protocols protocols={protocols} className="col-span-12 md:col-span-6 wide:col-span-3" />
        )}
        {seen && findings !== null && (
          <WhatChanged findings={findings} className="col-span-12 md:col-span-6 wide:col-span-4" />
        )}
        {seen && places !== null && (
          <Later className={MAP_SPAN}>
            <Destinations topic={places} className={MAP_SPAN} />
          </Later>
        )}
        {seen && (
          <Later className={packetsSpan}>
            <LatestPackets className={packetsSpan} />
          </Later>
        )}
        {seen && totals !== null && (
          <Later className={HALF_SPAN}>
            <Composition totals={totals} className={HALF_SPAN} />
          </Later>
        )}
        {seen && apps !== null && (
          <Later className={HALF_SPAN}>
            <TopApps topic={apps} className={HALF_SPAN} />
          </Later>
        )}
        {seen && hosts !== null && (
          <Later className="col-span-12">
            <Hosts hosts={hosts} onPick={pick} className="col-span-12" />
          </Later>
        )}
      </div>
    </div>
  );
}

const TALKERS_SPAN = "col-span-12 wide:col-span-5";
const MAP_SPAN = "col-span-12 xl:col-span-5";
const HALF_SPAN = "col-span-12 xl:col-span-6";

/** Eight cards: in a row where there is room, else four or two beside each other. */
const CARD_GRID = "col-span-12 grid grid-cols-2 gap-3 md:grid-cols-4 wide:grid-cols-8";

const PACKET_SERIES: readonly Series[] = [
  { label: strings.dashboard.series.packets, color: "--accent", fill: true },
];
const PACKET_LINES = chartLines(["packets"]);

interface ThroughputSeries extends Series {
  column: Column;
}

const BOTH_WAYS: readonly ThroughputSeries[] = [
  { column: "inbound_bits", label: strings.dashboard.series.in, color: "--in", fill: true },
  { column: "outbound_bits", label: strings.dashboard.series.out, color: "--out", fill: true, below: true },
];
const INTERNAL: ThroughputSeries = {
  column: "internal_bits",
  label: strings.dashboard.series.internal,
  color: "--fg-2",
  dash: [5, 3],
};
const TRANSIT: ThroughputSeries = {
  column: "transit_bits",
  label: strings.dashboard.series.transit,
  color: "--warn",
  dash: [2, 3],
};

/** In and out always; traffic inside or through the local networks only where there is any. */
function Throughput({ range }: { range: string }) {
  const internal = useSession((session) => (session.totals?.totals.internal.packets ?? 0) > 0);
  const transit = useSession((session) => (session.totals?.totals.transit.packets ?? 0) > 0);
  const series = useMemo(
    () => [...BOTH_WAYS, ...(internal ? [INTERNAL] : []), ...(transit ? [TRANSIT] : [])],
    [internal, transit],
  );
  const read = useMemo(() => chartLines(series.map(({ column }) => column)), [series]);
  return (
    <RateChart
      rate="throughput"
      series={series}
      read={read}
      range={range}
      className="col-span-12 wide:col-span-6"
    />
  );
}

/** Nothing comes in while the program is away, so that the cards have to be told that their numbers grew old. */
function useStaleNumbers(): void {
  const lost_at_ms = useSession((session) => session.lost_at_ms);
  useEffect(() => {
    const timer = lost_at_ms === null ? undefined : setTimeout(() => bus.markAll(), STALE_CHECK_MS);
    return () => {
      clearTimeout(timer);
      bus.markAll();
    };
  }, [lost_at_ms]);
}

/** Keeps the room of a panel whose code is on its way. One that does not come is that panel's trouble alone. */
function Later({ className, children }: { className: string; children: ReactNode }) {
  return (
    <Boundary>
      <Suspense fallback={<div className={`skeleton min-h-72 ${className}`} aria-hidden="true" />}>
        {children}
      </Suspense>
    </Boundary>
  );
}

function Skeleton() {
  return (
    <>
      <h1 className="sr-only">{strings.pages.dashboard}</h1>
      <div className="grid grid-cols-12 gap-3" aria-hidden="true">
        <div className={CARD_GRID}>
          {CARDS.map((card) => (
            <div key={card.label} className="skeleton h-[118px]" />
          ))}
        </div>
        <div className="skeleton col-span-12 h-60 wide:col-span-6" />
        <div className="skeleton col-span-12 h-60 md:col-span-6 wide:col-span-3" />
        <div className="skeleton col-span-12 h-60 md:col-span-6 wide:col-span-3" />
      </div>
    </>
  );
}
