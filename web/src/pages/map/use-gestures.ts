/** Dragging, zooming and pointing on the map. */

import { type PointerEvent, type RefObject, useEffect, useRef } from "react";
import type { Size } from "../../components/size";
import type { MapRenderer } from "./renderer";
import type { Cluster } from "./spots";
import { moved, STEP, type View } from "./view";

interface Wanted {
  area: RefObject<HTMLDivElement | null>;
  renderer: RefObject<MapRenderer | null>;
  size: Size;
  setView: (change: (before: View) => View) => void;
  zoom: (factor: number, x?: number, y?: number) => void;
  onHover: (cluster: Cluster | null) => void;
  onPress: (cluster: Cluster) => void;
}

/** A hand that trembles does not drag. */
const TREMOR_PX = 4;

/** How far a wheel turns for a doubling, in its pixels. */
const WHEEL_PX = 240;

interface Held {
  x: number;
  y: number;
  dragged: boolean;
}

export function useGestures({ area, renderer, size, setView, zoom, onHover, onPress }: Wanted) {
  const held = useRef<Held | null>(null);
  const hovered = useRef<Cluster | null>(null);
  useWheel(area, zoom);
  const point = ({ clientX, clientY }: { clientX: number; clientY: number }): [number, number] => {
    const rect = area.current?.getBoundingClientRect();
    return [clientX - (rect?.left ?? 0), clientY - (rect?.top ?? 0)];
  };
  const hover = (cluster: Cluster | null) => {
    const [one, other] = [cluster?.spots[0]?.key, hovered.current?.spots[0]?.key];
    if (one === other && cluster?.spots.length === hovered.current?.spots.length) return;
    hovered.current = cluster;
    onHover(cluster);
  };
  return {
    onPointerDown(event: PointerEvent<HTMLDivElement>) {
      if (event.button !== 0) return;
      const [x, y] = point(event);
      held.current = { x, y, dragged: false };
    },
    onPointerMove(event: PointerEvent<HTMLDivElement>) {
      const [x, y] = point(event);
      const { current } = held;
      if (current === null) {
        hover(renderer.current?.at(x, y) ?? null);
        return;
      }
      if (!current.dragged && Math.hypot(x - current.x, y - current.y) < TREMOR_PX) return;
      // Not before: a captured pointer belongs to the drag, and a press has to reach what it is on.
      if (!current.dragged) event.currentTarget.setPointerCapture(event.pointerId);
      const [dx, dy] = [x - current.x, y - current.y];
      held.current = { x, y, dragged: true };
      hover(null);
      setView((before) => moved(before, dx, dy, size));
    },
    onPointerUp(event: PointerEvent<HTMLDivElement>) {
      const pressed = held.current?.dragged === false;
      held.current = null;
      const cluster = pressed ? renderer.current?.at(...point(event)) : null;
      if (cluster == null) return;
      hover(null);
      onPress(cluster);
    },
    onPointerLeave() {
      if (held.current?.dragged !== true) held.current = null;
      hover(null);
    },
    onPointerCancel() {
      held.current = null;
      hover(null);
    },
    onDoubleClick(event: React.MouseEvent<HTMLDivElement>) {
      const [x, y] = point(event);
      if ((renderer.current?.at(x, y) ?? null) === null) zoom(STEP, x, y);
    },
  };
}

/** With Ctrl a wheel zooms, as two fingers do; alone it scrolls the page. React's own listener could not keep the page's size. */
function useWheel(area: RefObject<HTMLDivElement | null>, zoom: Wanted["zoom"]): void {
  useEffect(() => {
    const { current } = area;
    if (current === null) return;
    const turn = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left, top } = current.getBoundingClientRect();
      zoom(2 ** (-event.deltaY / WHEEL_PX), event.clientX - left, event.clientY - top);
    };
    current.addEventListener("wheel", turn, { passive: false });
    return () => current.removeEventListener("wheel", turn);
  }, [area, zoom]);
}
