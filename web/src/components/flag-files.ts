/** The flags' files by their country, in a chunk of its own: a list of addresses, whose pictures load when shown. */

const FILES = import.meta.glob<string>("../../node_modules/country-flag-icons/3x2/??.svg", {
  eager: true,
  query: "?url",
  import: "default",
});

/** By ISO 3166-1 alpha-2. */
export const FLAG_FILES: ReadonlyMap<string, string> = new Map(
  Object.entries(FILES).map(([path, file]) => [path.slice(-"DE.svg".length, -".svg".length), file]),
);
