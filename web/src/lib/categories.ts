/** The kinds of applications, and the colour each keeps wherever it is drawn. */

/** Every kind that the catalogue has, in its order. A rule may name no other. */
export const CATEGORIES = [
  "Video",
  "Music",
  "Video Call",
  "Messaging",
  "Social Media",
  "Gaming",
  "Work",
  "Cloud",
  "CDN",
  "Web",
  "Search",
  "Mail",
  "News",
  "Shopping",
  "Finance",
  "Developer",
  "Security/VPN",
  "Ads/Analytics",
  "System/Updates",
  "IoT",
  "File Sharing",
  "Database",
  "Network",
  "Other",
] as const;

export type Category = (typeof CATEGORIES)[number];

/** Eight colours are all that can be told apart: kinds that share one differ in their signs. */
const COLORS: Record<Category, string> = {
  Video: "var(--rtp)",
  Music: "var(--quic)",
  "Video Call": "var(--tcp)",
  Messaging: "var(--igmp)",
  "Social Media": "var(--tcp)",
  Gaming: "var(--quic)",
  Work: "var(--tls)",
  Cloud: "var(--tcp)",
  CDN: "var(--igmp)",
  Web: "var(--tls)",
  Search: "var(--dns)",
  Mail: "var(--dns)",
  News: "var(--udp)",
  Shopping: "var(--udp)",
  Finance: "var(--igmp)",
  Developer: "var(--tls)",
  "Security/VPN": "var(--igmp)",
  "Ads/Analytics": "var(--rtp)",
  "System/Updates": "var(--quic)",
  IoT: "var(--udp)",
  "File Sharing": "var(--dns)",
  Database: "var(--quic)",
  Network: "var(--tcp)",
  Other: "var(--others)",
};

/** A kind by its name; one that this page does not know is drawn as Other. */
export function categoryOf(name: string | null): Category {
  return CATEGORIES.find((category) => category === name) ?? "Other";
}

export function categoryColor(name: string | null): string {
  return COLORS[categoryOf(name)];
}

/** Where a kind stands among all; those that this page does not know come last. */
export function categoryPlace(name: string): number {
  const places: readonly string[] = CATEGORIES;
  const place = places.indexOf(name);
  return place < 0 ? CATEGORIES.length : place;
}
