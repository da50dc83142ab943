/** Which commands a few typed letters mean. */

/** How well `text` fits `query`, from 0 (not at all) to 1; every typed word must be found. */
export function likeness(query: string, text: string): number {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return 1;
  const words = text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const fits = wanted.map((word) => wordLikeness(word, words));
  return fits.includes(0) ? 0 : fits.reduce((sum, one) => sum + one, 0) / fits.length;
}

/** The beginning of a word says more than its middle, and that more than the words' first letters. */
function wordLikeness(wanted: string, words: readonly string[]): number {
  if (words.includes(wanted)) return 1;
  if (words.some((word) => word.startsWith(wanted))) return 0.9;
  if (wanted.length > 1 && words.some((word) => word.includes(wanted))) return 0.5;
  const initials = words.map((word) => word[0]).join("");
  return wanted.length > 1 && initials.includes(wanted) ? 0.4 : 0;
}

/** The items that fit, best first; equals stay in their order. */
export function search<T extends { label: string }>(query: string, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, likeness: likeness(query, item.label) }))
    .filter((found) => found.likeness > 0)
    .sort((a, b) => b.likeness - a.likeness)
    .map(({ item }) => item);
}
