/** Lays out who talks to whom: senders at the left, receivers at the right. */

import { sankey } from "d3-sankey";
import type { TopTalker } from "../../generated/TopTalker";
import { type Direction, directionOf } from "./talkers";

export interface Box {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
}

export interface TalkerNode {
  address: string;
  side: "source" | "destination";
  bytes: number;
  box: Box;
}

export interface TalkerLink {
  talker: TopTalker;
  direction: Direction;
  width: number;
  from: { x: number; y: number };
  to: { x: number; y: number };
}

export interface TalkerLayout {
  nodes: TalkerNode[];
  links: TalkerLink[];
}

interface NodeSeed {
  address: string;
  side: TalkerNode["side"];
}

interface LinkSeed {
  source: number;
  target: number;
  value: number;
  talker: TopTalker;
}

const NODE_WIDTH = 8;
const NODE_PADDING = 13;

/**
 * The layout of `talkers` inside `area`.
 *
 * An address that sends and receives stands on both sides: so there is never a cycle, and two local ends or a machine
 * that talks to itself are drawn like everybody else.
 */
export function layOutTalkers(talkers: readonly TopTalker[], area: Box): TalkerLayout {
  const drawn = talkers.filter((talker) => talker.bytes > 0);
  if (drawn.length === 0) return { nodes: [], links: [] };
  const seeds: NodeSeed[] = [];
  const places = new Map<string, number>();
  const place = (address: string, side: TalkerNode["side"]): number => {
    const key = `${side} ${address}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    const made = seeds.push({ address, side }) - 1;
    places.set(key, made);
    return made;
  };
  const links = drawn.map(
    (talker): LinkSeed => ({
      source: place(talker.source, "source"),
      target: place(talker.destination, "destination"),
      value: talker.bytes,
      talker,
    }),
  );
  const graph = sankey<NodeSeed, LinkSeed>()
    .nodeWidth(NODE_WIDTH)
    .nodePadding(NODE_PADDING)
    .nodeSort((a, b) => (b.value ?? 0) - (a.value ?? 0))
    .extent([
      [area.x0, area.y0],
      [area.x1, area.y1],
    ])({ nodes: seeds.map((seed) => ({ ...seed })), links });
  return {
    nodes: graph.nodes.map((node) => ({
      address: node.address,
      side: node.side,
      bytes: node.value ?? 0,
      box: { x0: node.x0 ?? 0, x1: node.x1 ?? 0, y0: node.y0 ?? 0, y1: node.y1 ?? 0 },
    })),
    links: graph.links.map((link) => ({
      talker: link.talker,
      direction: directionOf(link.talker),
      width: link.width ?? 0,
      from: { x: area.x0 + NODE_WIDTH, y: link.y0 ?? 0 },
      to: { x: area.x1 - NODE_WIDTH, y: link.y1 ?? 0 },
    })),
  };
}

/** How much of the width the words at both sides have together: fixed room would eat a narrow panel. */
const WORDS_SHARE = 0.72;

/** The room for the words at each side, of those that need so much: what one leaves is the other's. */
export function gutters(needs: { source: number; destination: number }, width: number) {
  const room = width * WORDS_SHARE;
  const of = (own: number, other: number) => Math.min(own, Math.max(room / 2, room - other));
  return {
    source: of(needs.source, needs.destination),
    destination: of(needs.destination, needs.source),
  };
}

/** An address in at most `most` characters: the middle makes room, because both ends tell addresses apart. */
export function shortAddress(address: string, most: number): string {
  if (address.length <= most) return address;
  const ends = Math.max(2, most - 1);
  const head = Math.ceil(ends / 2);
  return `${address.slice(0, head)}…${address.slice(address.length - (ends - head))}`;
}

/** A name in at most `most` characters: its end says whose it is, but on the link all end alike or have one word. */
export function shortName(name: string, most: number): string {
  if (name.length <= most) return name;
  const kept = Math.max(2, most - 1);
  const isOfLink = name.endsWith(".local") || !name.includes(".");
  return isOfLink ? `${name.slice(0, kept)}…` : `…${name.slice(name.length - kept)}`;
}
