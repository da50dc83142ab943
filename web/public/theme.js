// Runs before the first paint, so that the page never flashes in the wrong theme. src/shell/theme.ts goes on from here.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem("netsonde.theme");
  } catch {
    // Storage is off in some private modes; the system's theme is right there too.
  }
  const light = window.matchMedia("(prefers-color-scheme: light)").matches;
  const theme = choice === "dark" || choice === "light" ? choice : light ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
})();
