/** Natural Earth's countries as world-atlas has them; what is not said here would be inferred from a megabyte of numbers. */
declare module "world-atlas/countries-110m.json" {
  const atlas: import("./world").Atlas;

  export = atlas;
}

declare module "world-atlas/countries-50m.json" {
  const atlas: import("./world").Atlas;

  export = atlas;
}
