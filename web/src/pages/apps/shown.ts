/** Which applications are shown, in which order, and what part of the whole each is. */

import type { AppRow } from "../../generated/AppRow";
import type { AppsTopic } from "../../generated/AppsTopic";
import { type Category, categoryColor, categoryPlace } from "../../lib/categories";
import { amountOf, type Measure } from "../parts/app-shares";
import type { AppSort } from "./address";

const OTHER: Category = "Other";

/** How much a row of the table moves. */
export type Amounts = Pick<
  AppRow,
  "bytes" | "bytes_up" | "bytes_down" | "flows" | "active_flows" | "bps" | "recent_bps"
>;

/** What of a topic is in no application. */
export function unlabelledOf(topic: AppsTopic): Amounts {
  return {
    bytes: topic.unlabelled.bytes,
    bytes_up: topic.unlabelled_bytes_up,
    bytes_down: topic.unlabelled_bytes_down,
    flows: topic.unlabelled.flows,
    active_flows: topic.unlabelled_active_flows,
    bps: topic.unlabelled_bps,
    recent_bps: topic.unlabelled_recent_bps,
  };
}

export interface CategorySum {
  category: string;
  apps: number;
  amount: number;
}

/** What each kind of application moved, the largest first; equal ones in the catalogue's order. */
export function categoriesOf(apps: readonly AppRow[], measure: Measure): readonly CategorySum[] {
  const sums = new Map<string, CategorySum>();
  for (const row of apps) {
    const sum = sums.get(row.category) ?? { category: row.category, apps: 0, amount: 0 };
    sum.apps += 1;
    sum.amount += amountOf(row, measure) ?? 0;
    sums.set(row.category, sum);
  }
  return [...sums.values()].sort(
    (a, b) =>
      b.amount - a.amount ||
      categoryPlace(a.category) - categoryPlace(b.category) ||
      a.category.localeCompare(b.category, "en"),
  );
}

/** More parts of a bar than there are colours cannot be told apart. */
const MOST_PARTS = 7;

/** What a part of the bar stands for: a kind, or the `kinds` that have none of their own. */
export interface BarPart {
  category: string;
  kinds: number;
  amount: number;
  color: string;
}

/** The bar of the first kinds in their order, and one part for all others together. */
export function barOf(sums: readonly CategorySum[]): readonly BarPart[] {
  const own = sums.filter(({ category }) => category !== OTHER).slice(0, MOST_PARTS);
  const parts = own.map(({ category, amount }) => ({
    category,
    kinds: 1,
    amount,
    color: categoryColor(category),
  }));
  const others = sums.filter((sum) => !own.includes(sum));
  const rest = others.reduce((all, { amount }) => all + amount, 0);
  if (rest === 0) return parts;
  return [...parts, { category: OTHER, kinds: others.length, amount: rest, color: categoryColor(OTHER) }];
}

export interface Wanted {
  filter: string;
  /** `null` for all. */
  category: string | null;
  sort: AppSort;
  rising: boolean;
  measure: Measure;
}

/** The applications that fit, in the order that is wanted. Each word of the filter must be in name or category. */
export function arranged(apps: readonly AppRow[], wanted: Wanted): readonly AppRow[] {
  const words = wanted.filter.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ app, category }: AppRow) => {
    if (wanted.category !== null && category !== wanted.category) return false;
    const text = `${app} ${category}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const way = wanted.rising ? 1 : -1;
  return apps
    .filter(fits)
    .sort((a, b) => way * compare(a, b, wanted) || b.bytes - a.bytes || byName(a.app, b.app));
}

function compare(a: AppRow, b: AppRow, { sort, measure }: Wanted): number {
  switch (sort) {
    case "app":
      return byName(a.app, b.app);
    case "category":
      return byName(a.category, b.category);
    case "share":
      return (amountOf(a, measure) ?? 0) - (amountOf(b, measure) ?? 0);
    case "rate":
      return (a.bps ?? 0) - (b.bps ?? 0);
    case "bytes":
      return a.bytes - b.bytes;
    case "up":
      return a.bytes_up - b.bytes_up;
    case "down":
      return a.bytes_down - b.bytes_down;
    case "flows":
      return a.flows - b.flows;
  }
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, "en", { sensitivity: "base" });
}
