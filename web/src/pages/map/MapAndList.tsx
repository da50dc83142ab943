/** The map, and under it the list of its places where the world leaves room: it is twice as wide as high. */

import { type ComponentProps, type ReactNode, useRef } from "react";
import { useSize } from "../../components/size";
import { MapCanvas } from "./MapCanvas";
import { LEAST_LIST_PX, PlaceList } from "./PlaceList";

interface Props extends ComponentProps<typeof MapCanvas> {
  /** Lies over the map. */
  children: ReactNode;
}

/** Width by height of the part of the world that is shown first. */
const WORLD = 2;

export function MapAndList({ children, ...map }: Props) {
  const area = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(area);
  const world = Math.round(width / WORLD);
  const listed = height - world >= LEAST_LIST_PX && map.spots.length > 0;
  return (
    <div ref={area} className="relative mx-1.5 mt-1 flex min-h-44 flex-1 flex-col">
      <div className="relative flex min-h-0 flex-1" style={listed ? { flex: `0 0 ${world}px` } : undefined}>
        <MapCanvas {...map} />
        {children}
      </div>
      {listed && <PlaceList spots={map.spots} open={map.open} onOpen={map.onOpen} />}
    </div>
  );
}
