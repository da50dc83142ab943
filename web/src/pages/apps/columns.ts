/** The columns that the table of applications leaves out where there is no room: on a phone three fit. */
export const ROOMY = {
  category: "@max-3xl:hidden",
  recent: "@max-4xl:hidden",
  /** Of a session that goes on; a file has room for it, because it has no rates. */
  bytes: "@max-7xl:hidden",
  up: "@max-2xl:hidden",
  down: "@max-2xl:hidden",
  flows: "@max-md:hidden",
  told: "@max-5xl:hidden",
} as const;
