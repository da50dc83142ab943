/** One map on one canvas: keeps the world as it was last painted, and paints the numbers over it. */

import type { Size } from "../../components/size";
import type { Here } from "../../generated/Here";
import { Layers } from "./layers";
import { paintBase, paintScene, reachOf } from "./paint";
import { type Cluster, clustersOf, isHollow, type Spot } from "./spots";
import { type View, WHOLE } from "./view";
import type { World } from "./world";

/** What the page wants to be seen. */
export interface Subject {
  spots: readonly Spot[];
  here: Here | null;
  lit: ReadonlySet<string>;
  labels: boolean;
}

const NOTHING: Subject = { spots: [], here: null, lit: new Set(), labels: false };
const NONE: ReadonlySet<string> = new Set();

/** Pixels beside a mark that still count as it. */
const SLACK_PX = 5;

/** Dashes move so fast, in pixels a second; slowly enough not to distract. */
const DASH_PX_S = 36;
/** After new numbers they move for as long as it takes the next ones to come. */
const MOVES_MS = 1_300;
const FRAME_MS = 34;

export class MapRenderer {
  view: View = WHOLE;
  private layers: Layers | null = null;
  private subject: Subject = NOTHING;
  private clusters: readonly Cluster[] = [];
  private moved: ReadonlySet<string> = NONE;
  private movesUntil_ms = 0;
  private base: { canvas: OffscreenCanvas; key: string } | null = null;
  private frame = 0;
  private painted_ms = 0;

  constructor(private readonly canvas: HTMLCanvasElement) {}

  setWorld(world: World | null, size: Size): void {
    this.layers = world === null || size.width === 0 || size.height === 0 ? null : new Layers(world, size);
    this.base = null;
    this.changed();
  }

  setView(view: View): void {
    this.view = view;
    this.changed();
  }

  show(subject: Subject): void {
    this.subject = subject;
    this.changed();
  }

  /** Lets dashes run along the arcs to these for a moment. */
  move(keys: ReadonlySet<string>): void {
    if (keys.size === 0) return;
    this.moved = keys;
    this.movesUntil_ms = performance.now() + MOVES_MS;
    this.paintSoon();
  }

  /** The colours are others. */
  repaint(): void {
    this.paintSoon();
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  /** What is drawn at a point of the canvas: the mark, or the country. */
  at(x: number, y: number): Cluster | null {
    const { most } = this;
    const marks = this.clusters
      .map((cluster) => ({ cluster, away: Math.hypot(cluster.x - x, cluster.y - y) }))
      .filter(({ cluster, away }) => away <= reachOf(cluster, most) + SLACK_PX)
      .sort((a, b) => a.away - b.away);
    return marks[0]?.cluster ?? this.countryAt(x, y);
  }

  /** Where a spot is drawn, maybe with others; `null` where it is not. */
  clusterOf(key: string): Cluster | null {
    return this.clusters.find(({ spots }) => spots.some((spot) => spot.key === key)) ?? null;
  }

  /** Where a spot lies while the whole world is seen. */
  pointOf({ longitude, latitude }: Spot): [number, number] {
    return this.layers?.point(longitude, latitude) ?? [0, 0];
  }

  private get most(): number {
    return this.subject.spots[0]?.amount ?? 0;
  }

  private countryAt(x: number, y: number): Cluster | null {
    const context = this.canvas.getContext("2d");
    const { layers, view } = this;
    if (context === null || layers === null) return null;
    const [wx, wy] = [(x - view.x) / view.k, (y - view.y) / view.k];
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    const spot = this.subject.spots.find(({ isCountry, country }) => {
      const shape = isCountry && country !== null ? layers.country(country) : null;
      return shape !== null && context.isPointInPath(shape, wx, wy);
    });
    context.restore();
    return spot === undefined ? null : { x, y, spots: [spot], amount: spot.amount };
  }

  private changed(): void {
    const { layers, view } = this;
    const placed = this.subject.spots.map((spot) => {
      const [x, y] = layers?.point(spot.longitude, spot.latitude) ?? [0, 0];
      return { spot, x: view.k * x + view.x, y: view.k * y + view.y };
    });
    this.clusters = layers === null ? [] : clustersOf(placed).sort((a, b) => b.amount - a.amount);
    this.paintSoon();
  }

  private paintSoon(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame((now_ms) => this.paint(now_ms));
  }

  private paint(now_ms: number): void {
    this.frame = 0;
    const context = this.canvas.getContext("2d");
    const { layers } = this;
    if (context === null || layers === null) return;
    const scale = devicePixelRatio;
    const [width, height] = [Math.round(layers.size.width * scale), Math.round(layers.size.height * scale)];
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.drawImage(this.baseOf(layers, width, height, scale), 0, 0);
    const moves = now_ms < this.movesUntil_ms && this.hasArcs;
    paintScene(context, layers, this.view, scale, {
      ...this.subject,
      clusters: this.clusters,
      most: this.most,
      moved: this.moved,
      dash: moves ? (now_ms / 1000) * DASH_PX_S : null,
    });
    this.painted_ms = now_ms;
    if (moves) this.paintAgain();
  }

  /** The next step of what moves: not at every frame of the screen. */
  private paintAgain(): void {
    this.frame = requestAnimationFrame((now_ms) => {
      if (now_ms - this.painted_ms >= FRAME_MS - 1) this.paint(now_ms);
      else this.paintAgain();
    });
  }

  private get hasArcs(): boolean {
    const { here, spots } = this.subject;
    return here !== null && spots.some((spot) => this.moved.has(spot.key) && !isHollow(spot));
  }

  /** Painted anew only where the view, the size or the theme is another. */
  private baseOf(layers: Layers, width: number, height: number, scale: number): OffscreenCanvas {
    const { theme = "" } = document.documentElement.dataset;
    const { k, x, y } = this.view;
    const key = [theme, width, height, scale, k, x, y].join(" ");
    if (this.base?.key === key) return this.base.canvas;
    const canvas = this.base?.canvas ?? new OffscreenCanvas(width, height);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const context = canvas.getContext("2d");
    if (context !== null) paintBase(context, layers, this.view, scale);
    this.base = { canvas, key };
    return canvas;
  }
}
