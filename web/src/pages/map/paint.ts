/** Paints the world and what is on it on a canvas. */

import { seriesColor } from "../../components/lines";
import type { Here } from "../../generated/Here";
import type { Layers } from "./layers";
import { arcWidthOf, type Cluster, isHollow, radiusOf, type Spot } from "./spots";
import type { View } from "./view";

/** What is on the map. */
export interface Scene {
  /** The largest first. */
  spots: readonly Spot[];
  clusters: readonly Cluster[];
  here: Here | null;
  /** The largest measure of a spot. */
  most: number;
  /** What the pointer, the keyboard or the address names: it stands out, and its arcs with it. */
  lit: ReadonlySet<string>;
  /** The spots whose numbers grew just now. */
  moved: ReadonlySet<string>;
  /** How far the dashes of moving arcs have come, in pixels; `null` where nothing moves. */
  dash: number | null;
  /** Names beside the largest: not where the map is small. */
  labels: boolean;
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

const TURN = 2 * Math.PI;

function transform(context: Context, { k, x, y }: View, scale: number): void {
  context.setTransform(k * scale, 0, 0, k * scale, x * scale, y * scale);
}

/** Sea, graticule, land and borders: what stays while numbers move. */
export function paintBase(context: Context, layers: Layers, view: View, scale: number): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = seriesColor("--sea");
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  transform(context, view, scale);
  const hair = 1 / view.k;
  context.lineJoin = "round";
  context.lineWidth = 0.5 * hair;
  context.strokeStyle = seriesColor("--land");
  context.stroke(layers.graticule);
  context.lineWidth = hair;
  context.stroke(layers.sphere);
  context.fillStyle = seriesColor("--land");
  context.fill(layers.land);
  context.lineWidth = 0.6 * hair;
  context.strokeStyle = seriesColor("--land-border");
  context.stroke(layers.borders);
  context.lineWidth = 0.8 * hair;
  context.stroke(layers.land);
}

/** Everything that depends on the numbers. */
export function paintScene(context: Context, layers: Layers, view: View, scale: number, scene: Scene): void {
  transform(context, view, scale);
  paintCountries(context, layers, view, scene);
  paintArcs(context, layers, view, scene);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  for (const cluster of scene.clusters.toReversed()) paintCluster(context, cluster, scene);
  if (scene.here !== null) paintHere(context, layers, view, scene.here, scene);
  if (scene.labels) paintLabels(context, layers, scene);
}

const FAINT_FILL = 0.1;
const STRONG_FILL = 0.5;

/** A place of which only the country is known is the whole country. Its largest ones are the strongest. */
function paintCountries(context: Context, layers: Layers, view: View, { spots, most, lit }: Scene): void {
  const accent = seriesColor("--accent");
  for (const spot of spots) {
    const shape = spot.isCountry && spot.country !== null ? layers.country(spot.country) : null;
    if (shape === null) continue;
    const part = Math.sqrt(Math.min(1, spot.sure / Math.max(1, most)));
    context.globalAlpha = isHollow(spot) ? 0 : FAINT_FILL + (STRONG_FILL - FAINT_FILL) * part;
    context.fillStyle = accent;
    context.fill(shape);
    const on = lit.has(spot.key);
    context.globalAlpha = on ? 1 : 0.55;
    context.lineWidth = (on ? 1.5 : 0.8) / view.k;
    context.strokeStyle = isHollow(spot) ? seriesColor("--fg-3") : accent;
    context.setLineDash(isHollow(spot) ? [3 / view.k, 3 / view.k] : []);
    context.stroke(shape);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** The ways from here. What is not there has none: nobody knows where it leads. */
function paintArcs(context: Context, layers: Layers, view: View, scene: Scene): void {
  const { here, spots, most, lit, moved, dash } = scene;
  if (here === null) return;
  const accent = seriesColor("--accent");
  context.lineCap = "round";
  for (const spot of spots.toReversed()) {
    if (isHollow(spot)) continue;
    const arc = layers.arc([here.longitude, here.latitude], [spot.longitude, spot.latitude]);
    if (arc === null) continue;
    const width = arcWidthOf(spot.sure, most) / view.k;
    context.strokeStyle = accent;
    context.globalAlpha = lit.has(spot.key) ? 0.95 : lit.size > 0 ? 0.18 : 0.5;
    context.lineWidth = width;
    context.stroke(arc);
    if (dash === null || !moved.has(spot.key)) continue;
    context.strokeStyle = seriesColor("--fg");
    context.globalAlpha = lit.size > 0 && !lit.has(spot.key) ? 0.15 : 0.5;
    context.lineWidth = Math.max(0.8 / view.k, width * 0.45);
    context.setLineDash([5 / view.k, 19 / view.k]);
    context.lineDashOffset = -dash / view.k;
    context.stroke(arc);
    context.setLineDash([]);
  }
  context.globalAlpha = 1;
}

const LEAST_GROUP = 8;
const SQUARE = 3.5;

/** How far a mark reaches from its middle. */
export function reachOf({ spots, amount }: Cluster, most: number): number {
  const [first] = spots;
  const radius = radiusOf(amount, most);
  if (spots.length > 1) return Math.max(LEAST_GROUP, radius);
  return first?.isCountry === true ? SQUARE + 1 : radius;
}

function paintCluster(context: Context, cluster: Cluster, { most, lit }: Scene): void {
  const { x, y, spots } = cluster;
  const [first] = spots;
  if (first === undefined) return;
  const reach = reachOf(cluster, most);
  const on = spots.some(({ key }) => lit.has(key));
  const sure = spots.reduce((all, spot) => all + spot.sure, 0);
  const part = cluster.amount <= 0 ? 0 : Math.sqrt(Math.max(0, sure) / cluster.amount);
  const outline = (by: number) => {
    const half = SQUARE * by;
    if (first.isCountry) context.rect(x - half, y - half, 2 * half, 2 * half);
    else context.arc(x, y, reach * by, 0, TURN);
  };
  // A part of it is not there: dashes around the whole, and within them what is, by its area.
  if (part < 1) paintMark(context, true, on, () => outline(1));
  if (part > 0) paintMark(context, false, on, () => outline(part));
  if (spots.length > 1) paintCount(context, x, y, spots.length, reach * part < LEAST_GROUP - 1);
  if (on) {
    context.beginPath();
    context.arc(x, y, reach + 5, 0, TURN);
    context.lineWidth = 1.5;
    context.strokeStyle = seriesColor("--fg");
    context.stroke();
  }
}

function paintMark(context: Context, hollow: boolean, on: boolean, draw: () => void): void {
  context.beginPath();
  draw();
  context.fillStyle = hollow ? seriesColor("--sea") : seriesColor("--accent");
  context.globalAlpha = hollow || on ? 1 : 0.9;
  context.fill();
  context.globalAlpha = 1;
  context.setLineDash(hollow ? [3, 2.5] : []);
  context.lineWidth = hollow ? 1.5 : 1;
  context.strokeStyle = hollow ? seriesColor("--fg-2") : seriesColor("--sea");
  context.stroke();
  context.setLineDash([]);
}

function paintCount(context: Context, x: number, y: number, count: number, hollow: boolean): void {
  context.font = '600 10px "Inter Variable", sans-serif';
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = hollow ? seriesColor("--fg") : seriesColor("--accent-fg");
  context.fillText(String(count), x, y + 0.5);
}

/** How far above what it would cover the house stands. */
const STEM_PX = 12;

/** A house, whose outline keeps it apart from arcs and land. It stands on a stem where it would cover a mark. */
function paintHere(context: Context, layers: Layers, view: View, here: Here, scene: Scene): void {
  const [px, py] = layers.point(here.longitude, here.latitude);
  const [x, y] = [view.k * px + view.x, view.k * py + view.y];
  const covered = scene.clusters
    .filter((cluster) => Math.hypot(cluster.x - x, cluster.y - y) < reachOf(cluster, scene.most) + HOUSE_PX)
    .map((cluster) => cluster.y - reachOf(cluster, scene.most));
  const foot = Math.min(y, ...covered);
  const top = covered.length === 0 ? y : foot - STEM_PX;
  context.save();
  if (top < foot) {
    context.beginPath();
    context.moveTo(x, foot);
    context.lineTo(x, top);
    context.lineWidth = 1.5;
    context.strokeStyle = seriesColor("--fg");
    context.stroke();
  }
  context.translate(x, top);
  context.beginPath();
  for (const [dx, dy] of HOUSE) context.lineTo(dx, dy);
  context.closePath();
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = seriesColor("--sea");
  context.stroke();
  context.fillStyle = seriesColor("--fg");
  context.fill();
  context.fillStyle = seriesColor("--sea");
  context.fillRect(-1.5, 1.5, 3, 4.5);
  context.restore();
}

const HOUSE_PX = 8;

const HOUSE: readonly (readonly [number, number])[] = [
  [0, -7.5],
  [7.5, -0.5],
  [5, -0.5],
  [5, 6],
  [-5, 6],
  [-5, -0.5],
  [-7.5, -0.5],
];

/** So many names at most, and none over another. */
const MOST_LABELS = 10;
const LABEL_PX = 11;
export const LABEL_FONT = `500 ${LABEL_PX}px "Inter Variable", sans-serif`;

function paintLabels(context: Context, { size }: Layers, { clusters, most }: Scene): void {
  const taken = clusters.map((cluster) => {
    const reach = reachOf(cluster, most);
    return {
      left: cluster.x - reach,
      right: cluster.x + reach,
      top: cluster.y - reach,
      bottom: cluster.y + reach,
    };
  });
  context.font = LABEL_FONT;
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.lineJoin = "round";
  for (const cluster of clusters.slice(0, MOST_LABELS)) {
    const text = cluster.spots[0]?.name ?? "";
    const width = context.measureText(text).width;
    const gap = reachOf(cluster, most) + 6;
    const right = { left: cluster.x + gap, right: cluster.x + gap + width };
    const left = { left: cluster.x - gap - width, right: cluster.x - gap };
    const room = [right, left]
      .map((side) => ({ ...side, top: cluster.y - LABEL_PX / 2, bottom: cluster.y + LABEL_PX / 2 }))
      .find(
        (box) =>
          box.left > 2 &&
          box.right < size.width - 2 &&
          taken.every(
            (other) =>
              box.right < other.left ||
              box.left > other.right ||
              box.bottom < other.top ||
              box.top > other.bottom,
          ),
      );
    if (room === undefined) continue;
    taken.push(room);
    context.lineWidth = 3;
    context.strokeStyle = seriesColor("--sea");
    context.globalAlpha = 0.85;
    context.strokeText(text, room.left, cluster.y + 0.5);
    context.globalAlpha = 1;
    context.fillStyle = seriesColor("--fg");
    context.fillText(text, room.left, cluster.y + 0.5);
  }
}
