/** The world as paths for a canvas of one size. Zooming and moving only transform them. */

import { type GeoProjection, geoDistance, geoEqualEarth, geoGraticule10, geoPath } from "d3-geo";
import type { GeoJSON, LineString } from "geojson";
import type { Size } from "../../components/size";
import type { World } from "./world";

/** What the whole map shows: the inhabited part, which leaves more room for it; the list has the Antarctic, too. */
const FRAME: GeoJSON = {
  type: "MultiPoint",
  coordinates: [
    [-180, 0],
    [180, 0],
    [0, 84],
    [0, -58],
  ],
};

const MARGIN_PX = 6;
const SMOOTH_PX = 0.03;

/** Equal areas: a country is filled by its bytes, and must not look like more for lying in the north. */
function fitted({ width, height }: Size): GeoProjection {
  return geoEqualEarth().fitExtent(
    [
      [MARGIN_PX, MARGIN_PX],
      [width - MARGIN_PX, height - MARGIN_PX],
    ],
    FRAME,
  );
}

/** Nearer than this there is nothing to draw between two places, in radians: about 60 km. */
const NO_WAY = 0.01;

export class Layers {
  readonly sphere: Path2D;
  readonly graticule: Path2D;
  readonly land: Path2D;
  readonly borders: Path2D;
  private readonly projection: GeoProjection;
  /** The same in shorter steps: an arc has no points of its own, and would show corners to who comes close. */
  private readonly smooth: GeoProjection;
  private readonly countries = new Map<string, Path2D | null>();
  private readonly arcs = new Map<string, Path2D | null>();

  constructor(
    readonly world: World,
    readonly size: Size,
  ) {
    this.projection = fitted(size);
    this.smooth = fitted(size).precision(SMOOTH_PX);
    this.sphere = this.path({ type: "Sphere" });
    this.graticule = this.path(geoGraticule10());
    this.land = this.path(world.land);
    this.borders = this.path(world.borders);
  }

  /** Where a place lies while the whole world is seen. */
  point(longitude: number, latitude: number): [number, number] {
    return this.projection([longitude, latitude]) ?? [0, 0];
  }

  /** A country's shape; `null` where the world has none of it. */
  country(code: string): Path2D | null {
    const known = this.countries.get(code);
    if (known !== undefined) return known;
    const shapes = this.world.countries.filter((country) => country.code === code);
    const path = shapes.length === 0 ? null : new Path2D();
    for (const { shape } of shapes) path?.addPath(this.path(shape));
    this.countries.set(code, path);
    return path;
  }

  /** The shortest way between two places; `null` where they are one. */
  arc(from: readonly [number, number], to: readonly [number, number]): Path2D | null {
    const key = `${from} ${to}`;
    const known = this.arcs.get(key);
    if (known !== undefined) return known;
    const line: LineString = { type: "LineString", coordinates: [[...from], [...to]] };
    const smooth = () => new Path2D(geoPath(this.smooth)(line) ?? "");
    const path = geoDistance([...from], [...to]) < NO_WAY ? null : smooth();
    this.arcs.set(key, path);
    return path;
  }

  private path(shape: GeoJSON | { type: "Sphere" }): Path2D {
    return new Path2D(geoPath(this.projection)(shape) ?? "");
  }
}
