/** Where the hosts are that the traffic is with, and how far that can be believed. */

import { useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useRef } from "react";
import { Choice } from "../../components/Choice";
import { pngOf } from "../../components/chart-picture";
import { Panel } from "../../components/Panel";
import { PlaceCredits } from "../../components/PlaceCredits";
import type { PlacesTopic } from "../../generated/PlacesTopic";
import { count } from "../../lib/format";
import { mapStrings } from "../../lib/map-strings";
import { strings } from "../../lib/strings";
import { useSession } from "../../live/session";
import { useTitle } from "../../live/title";
import { useChange } from "../parts/use-change";
import { useEscape } from "../parts/use-escape";
import { Waiting } from "../parts/Waiting";
import { type MapSearch, mapSearch } from "./address";
import { Bare } from "./Bare";
import { Legend } from "./Legend";
import { MapAndList } from "./MapAndList";
import { MapChips } from "./MapChips";
import { PlaceList } from "./PlaceList";
import { PlaceSheet } from "./PlaceSheet";
import { Surroundings } from "./Surroundings";
import { categoriesOf, countriesOf, MEASURES, openOf, spotsOf } from "./spots";
import { tableOf } from "./table";

const MEASURE_CHOICES = MEASURES.map((value) => ({
  value,
  label: mapStrings.measures[value],
  hint: mapStrings.measureHints[value],
}));

const VIEW_CHOICES = (["map", "list"] as const).map((value) => ({ value, label: mapStrings.views[value] }));

export function GeoMap() {
  const known = useSession((session) => session.status !== null);
  const seen = useSession((session) => (session.totals?.traffic.packets ?? 0) > 0);
  const topic = useSession((session) => session.places);
  useTitle(strings.pages.map);
  return (
    <>
      <h1 className="sr-only">{strings.pages.map}</h1>
      {known && !seen && <Waiting />}
      {known && seen && topic !== null && <Places topic={topic} />}
      {(!known || (seen && topic === null)) && <Skeleton />}
    </>
  );
}

function Places({ topic }: { topic: PlacesTopic }) {
  const search = useSearch({ from: "/map", select: readSearch, structuralSharing: true });
  const change = useChange("/map", mapSearch);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { category = null, by = "bytes", view = "map", sel = null } = search;
  const spots = useMemo(() => spotsOf(topic.places, { category, by }), [topic, category, by]);
  const opened = useMemo(
    () => (sel === null ? null : openOf(topic, { category, by }, sel)),
    [topic, category, by, sel],
  );
  const lit = opened?.key ?? sel;
  const countries = useMemo(() => countriesOf(topic, { category, by }), [topic, category, by]);
  const page = useRef<HTMLDivElement>(null);
  const opener = useRef<Element | null>(null);
  const open = useCallback(
    (key: string) => {
      opener.current = document.activeElement === document.body ? null : document.activeElement;
      change({ sel: key });
    },
    [change],
  );
  const close = useCallback(() => change({ sel: undefined }), [change]);
  const dismiss = useCallback(() => {
    close();
    const list = page.current?.querySelector('[role="listbox"]') ?? null;
    const wanted = opener.current?.isConnected === true ? opener.current : list;
    opener.current = null;
    if (wanted instanceof HTMLElement) wanted.focus();
  }, [close]);
  useEscape(sel === null ? null : close);
  const table = useMemo(() => tableOf(spots), [spots]);
  const picture = useMemo(
    () => ({ ending: "png" as const, make: () => pngOf(canvas.current, mapStrings.title, []) }),
    [],
  );
  const hosts = spots.reduce((all, spot) => all + spot.hosts, 0);
  return (
    <div ref={page} className="flex min-h-full flex-col gap-3 lg:h-full lg:min-h-[34rem]">
      <div className="flex flex-wrap items-start gap-2 lg:flex-nowrap">
        <MapChips
          sums={categoriesOf(topic.places, by)}
          by={by}
          chosen={category}
          onChoose={(wanted) => change({ category: wanted ?? undefined })}
        />
        <div className="ml-auto flex shrink-0 gap-2">
          <Choice
            label={mapStrings.measure}
            choices={MEASURE_CHOICES}
            chosen={by}
            onChoose={(wanted) => change({ by: wanted === "flows" ? wanted : undefined })}
          />
          <Choice
            label={mapStrings.view}
            choices={VIEW_CHOICES}
            chosen={view}
            onChoose={(wanted) => change({ view: wanted === "list" ? wanted : undefined })}
          />
        </div>
      </div>
      <div className="grid min-h-0 flex-1 grid-cols-12 content-start gap-3 lg:grid-rows-[minmax(0,1fr)] lg:content-stretch">
        <Panel
          title={mapStrings.title}
          meta={
            category === null
              ? mapStrings.placesOf(mapStrings.places(count(spots.length)), mapStrings.hosts(count(hosts)))
              : mapStrings.places(count(spots.length))
          }
          className="col-span-12 sm:min-h-[30rem] lg:col-span-8 xl:col-span-9"
          table={table}
          {...(view === "map" ? { picture } : {})}
        >
          {view === "list" && spots.length > 0 ? (
            <PlaceList alone spots={spots} open={lit} onOpen={open} />
          ) : (
            <MapAndList spots={spots} here={topic.here} open={lit} onOpen={open} canvas={canvas}>
              {spots.length === 0 && (
                <Bare topic={topic} category={category} onClear={() => change({ category: undefined })} />
              )}
            </MapAndList>
          )}
          {view === "map" && <Legend here={topic.here} />}
          <footer className="px-3 pb-2 text-fg-3 text-meta empty:hidden">
            {topic.places_omitted > 0 && <p>{mapStrings.omitted(count(topic.places_omitted))}</p>}
            <PlaceCredits />
          </footer>
        </Panel>
        <aside className="col-span-12 flex min-h-0 flex-col gap-3 lg:col-span-4 xl:col-span-3">
          {sel === null ? (
            <Surroundings topic={topic} countries={countries} by={by} category={category} />
          ) : (
            <PlaceSheet spot={opened} by={by} drawn={topic.places.length} onClose={dismiss} />
          )}
        </aside>
      </div>
    </div>
  );
}

function Skeleton() {
  return (
    <div className="flex min-h-full flex-col gap-3" aria-hidden="true">
      <div className="skeleton h-8" />
      <div className="skeleton min-h-96 flex-1" />
    </div>
  );
}

/** The router hands on what the address holds, also what was left out at its door. */
function readSearch(search: MapSearch): MapSearch {
  return mapSearch({ ...search });
}
