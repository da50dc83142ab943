/** The columns that the tables of streams and calls leave out where there is no room: on a phone three fit. */

export const STREAM_ROOM = {
  codec: "@max-2xl:hidden",
  kind: "@max-5xl:hidden",
  packets: "@max-3xl:hidden",
  jitter: "@max-xl:hidden",
  found: "@max-6xl:hidden",
  began: "@max-7xl:hidden",
} as const;

export const CALL_ROOM = {
  to: "@max-sm:hidden",
  state: "@max-sm:hidden",
  duration: "@max-xl:hidden",
  result: "@max-2xl:hidden",
  began: "@max-3xl:hidden",
  codecs: "@max-4xl:hidden",
  delay: "@max-5xl:hidden",
} as const;
