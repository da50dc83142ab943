/** The map as a picture: nothing on it moves, and a press anywhere leads to the map itself. */

import { Link } from "@tanstack/react-router";
import { type RefObject, useEffect, useMemo, useRef } from "react";
import { useSize } from "../../components/size";
import type { PlacesTopic } from "../../generated/PlacesTopic";
import { mapStrings } from "../../lib/map-strings";
import { descriptionOf, useRenderer } from "./MapCanvas";
import { spotsOf } from "./spots";
import { useWorld } from "./use-world";

interface Props {
  topic: PlacesTopic;
  canvas: RefObject<HTMLCanvasElement | null>;
}

const NONE: ReadonlySet<string> = new Set();

export function SmallMap({ topic, canvas }: Props) {
  const area = useRef<HTMLAnchorElement>(null);
  const size = useSize(area);
  const { world, failed } = useWorld(false);
  const renderer = useRenderer(canvas);
  const spots = useMemo(() => spotsOf(topic.places, { category: null, by: "bytes" }), [topic]);
  useEffect(() => renderer.current?.setWorld(world, size), [renderer, world, size]);
  useEffect(
    () => renderer.current?.show({ spots, here: topic.here, lit: NONE, labels: true }),
    [renderer, spots, topic],
  );
  return (
    <Link
      ref={area}
      to="/map"
      title={mapStrings.openMap}
      className="absolute inset-x-1.5 inset-y-1 overflow-hidden rounded-md focus-visible:-outline-offset-2"
    >
      <span className="sr-only">{`${mapStrings.openMap}. ${descriptionOf(spots)}`}</span>
      <canvas ref={canvas} className="block size-full" />
      {(failed || spots.length === 0) && (
        <span className="absolute inset-0 grid place-items-center p-4 text-center text-fg-2">
          {failed ? mapStrings.notDrawn : mapStrings.none}
        </span>
      )}
    </Link>
  );
}
