/** What is printed on the keys of a shortcut. */

const NAMES: Record<string, string> = { " ": "Space", Escape: "Esc" };

/** `g d` is two keys; a space alone is the space bar. */
export function keyNames(keys: string): string[] {
  return (keys === " " ? [keys] : keys.split(" ")).map((key) => NAMES[key] ?? key);
}
