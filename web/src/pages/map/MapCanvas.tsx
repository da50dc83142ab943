/** The map itself: a canvas that can be moved and zoomed, and a list of the same places for the keyboard. */

import { Minus, Plus, RotateCcw } from "lucide-react";
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type Size, useSize } from "../../components/size";
import type { Here } from "../../generated/Here";
import { count } from "../../lib/format";
import { mapStrings } from "../../lib/map-strings";
import { bus } from "../../live/bus";
import { useEscape } from "../parts/use-escape";
import { MapTip } from "./MapTip";
import { PlaceOptions } from "./PlaceOptions";
import { LABEL_FONT } from "./paint";
import { MapRenderer } from "./renderer";
import { type Cluster, movedOf, type Spot } from "./spots";
import { useGestures } from "./use-gestures";
import { useWorld } from "./use-world";
import { FINE_FROM, isClosest, moved, STEP, showing, type View, WHOLE, zoomed } from "./view";

interface Props {
  /** The largest first. */
  spots: readonly Spot[];
  here: Here | null;
  /** The key of the place that is open. */
  open: string | null;
  onOpen: (key: string) => void;
  /** The drawing itself, for a picture of it. */
  canvas: RefObject<HTMLCanvasElement | null>;
}

/** Dashes move only for those who do not mind. */
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

export function MapCanvas({ spots, here, open, onOpen, canvas }: Props) {
  const area = useRef<HTMLDivElement>(null);
  const size = useSize(area);
  const [view, setView] = useState<View>(WHOLE);
  const [hovered, setHovered] = useState<Cluster | null>(null);
  const [active, setActive] = useState<string | null>(null);
  const { world, failed } = useWorld(view.k > FINE_FROM);
  const renderer = useRenderer(canvas);
  const lit = useMemo(
    () => new Set([...(hovered?.spots.map(({ key }) => key) ?? []), active ?? [], open ?? []].flat()),
    [hovered, active, open],
  );
  useEffect(() => renderer.current?.setWorld(world, size), [renderer, world, size]);
  useResized(size, setView);
  useEffect(() => renderer.current?.setView(view), [renderer, view]);
  useEffect(
    () => renderer.current?.show({ spots, here, lit, labels: size.width > LABELS_FROM_PX }),
    [renderer, spots, here, lit, size],
  );
  useMotion(renderer, spots);
  const zoom = useCallback(
    (factor: number, x?: number, y?: number) => {
      // Without a pointer what is lit stays in place, or the largest place: the middle of the world is an empty sea.
      const still = renderer.current?.clusterOf(active ?? open ?? spots[0]?.key ?? "") ?? null;
      const [cx, cy] = still === null ? [size.width / 2, size.height / 2] : [still.x, still.y];
      setView((before) => zoomed(before, factor, x ?? cx, y ?? cy, size));
    },
    [size, renderer, active, open, spots],
  );
  const press = useCallback(
    (cluster: Cluster) => {
      const [first] = cluster.spots;
      if (first === undefined) return;
      if (cluster.spots.length > 1 && !isClosest(view) && isSpread(cluster))
        zoom(STEP * STEP, cluster.x, cluster.y);
      else onOpen(first.key);
    },
    [onOpen, zoom, view],
  );
  const gestures = useGestures({ area, renderer, size, setView, zoom, onHover: setHovered, onPress: press });
  useEscape(useMemo(() => (view === WHOLE ? null : () => setView(WHOLE)), [view]));
  const reach = (spot: Spot) => {
    setActive(spot.key);
    const point = renderer.current?.pointOf(spot);
    if (point !== undefined) setView((before) => showing(before, point, size));
  };
  const tip =
    hovered ?? (active === null ? null : alone(renderer.current?.clusterOf(active) ?? null, active));
  return (
    <div className="relative min-h-0 min-w-0 flex-1 overflow-hidden rounded-md border border-line">
      <div
        ref={area}
        className={`absolute inset-0 ${view.k > 1 ? "cursor-grab touch-none active:cursor-grabbing" : "touch-pan-y"} ${hovered === null ? "" : "cursor-pointer!"}`}
        {...gestures}
      >
        <canvas ref={canvas} role="img" aria-label={descriptionOf(spots)} className="block size-full" />
      </div>
      <PlaceOptions
        spots={spots}
        active={active}
        open={open}
        onActive={reach}
        onLeave={() => setActive(null)}
        onOpen={onOpen}
        onZoom={zoom}
      />
      {tip !== null && <MapTip cluster={tip} size={size} />}
      {failed && <p className="absolute inset-0 grid place-items-center">{mapStrings.notDrawn}</p>}
      <Zoom view={view} onZoom={zoom} onReset={() => setView(WHOLE)} />
    </div>
  );
}

/** One place of those that are drawn as one: the keyboard goes through them one by one. */
function alone(cluster: Cluster | null, key: string): Cluster | null {
  const spot = cluster?.spots.find((one) => one.key === key);
  return cluster === null || spot === undefined ? null : { ...cluster, spots: [spot] };
}

/** Names beside marks need so much room. */
const LABELS_FROM_PX = 560;

/** Places in one point stay together however close one comes. */
function isSpread({ spots }: Cluster): boolean {
  const [first, ...others] = spots;
  return others.some(
    ({ latitude, longitude }) =>
      Math.abs(latitude - (first?.latitude ?? 0)) + Math.abs(longitude - (first?.longitude ?? 0)) > 0.01,
  );
}

/** What is drawn outside React, for as long as the canvas is there. */
export function useRenderer(canvas: RefObject<HTMLCanvasElement | null>): RefObject<MapRenderer | null> {
  const renderer = useRef<MapRenderer | null>(null);
  useEffect(() => {
    if (canvas.current === null) return;
    const made = new MapRenderer(canvas.current);
    renderer.current = made;
    // Another theme marks everything; numbers come through React once a second.
    const stop = bus.view([], () => made.repaint(), { element: canvas.current });
    // A canvas does not wait for a face, and keeps what it was painted with.
    document.fonts.load(LABEL_FONT).then(
      () => made.repaint(),
      () => undefined,
    );
    return () => {
      stop();
      made.stop();
      renderer.current = null;
    };
  }, [canvas]);
  return renderer;
}

/** What is in the middle stays there when a sheet opens beside the map. */
function useResized(size: Size, setView: (change: (before: View) => View) => void): void {
  const before = useRef(size);
  useEffect(() => {
    const { width, height } = before.current;
    before.current = size;
    if (width === 0 || height === 0 || (width === size.width && height === size.height)) return;
    const [byX, byY] = [size.width / width, size.height / height];
    setView((view) =>
      view.k === 1 ? WHOLE : moved({ ...view, x: view.x * byX, y: view.y * byY }, 0, 0, size),
    );
  }, [size, setView]);
}

/** Arcs move while their numbers do, and only for those who do not mind. */
function useMotion(renderer: RefObject<MapRenderer | null>, spots: readonly Spot[]): void {
  const before = useRef(spots);
  useEffect(() => {
    if (!calm.matches && !document.hidden) renderer.current?.move(movedOf(before.current, spots));
    before.current = spots;
  }, [renderer, spots]);
}

const NAMED = 5;

/** The map for those who do not see it. */
export function descriptionOf(spots: readonly Spot[]): string {
  const names = spots.slice(0, NAMED).map(({ name }) => name);
  const largest = names.length === 0 ? "" : mapStrings.largest(names.join(", "));
  return mapStrings.description(mapStrings.places(count(spots.length)), largest);
}

interface ZoomProps {
  view: View;
  onZoom: (factor: number) => void;
  onReset: () => void;
}

const TOOL =
  "grid size-7 place-items-center text-fg-2 hover:bg-raised hover:text-fg disabled:opacity-40 focus-visible:-outline-offset-2";

function Zoom({ view, onZoom, onReset }: ZoomProps) {
  return (
    <div className="absolute top-2 right-2 flex flex-col overflow-hidden rounded-md border border-line bg-panel">
      <button
        type="button"
        className={TOOL}
        aria-label={mapStrings.zoomIn}
        title={mapStrings.zoomIn}
        disabled={isClosest(view)}
        onClick={() => onZoom(STEP)}
      >
        <Plus size={14} aria-hidden="true" />
      </button>
      <button
        type="button"
        className={`${TOOL} border-line border-y`}
        aria-label={mapStrings.zoomOut}
        title={mapStrings.zoomOut}
        disabled={view.k <= 1}
        onClick={() => onZoom(1 / STEP)}
      >
        <Minus size={14} aria-hidden="true" />
      </button>
      <button
        type="button"
        className={TOOL}
        aria-label={mapStrings.zoomReset}
        title={mapStrings.zoomReset}
        disabled={view.k <= 1}
        onClick={onReset}
      >
        <RotateCcw size={13} aria-hidden="true" />
      </button>
    </div>
  );
}
