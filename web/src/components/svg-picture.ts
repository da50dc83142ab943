/** A drawing of the page as an SVG file that can stand alone. */

const STYLES = ["fill", "stroke", "font-family", "font-size"] as const;

/**
 * The first drawing inside `element` as a file; `null` without one.
 *
 * The drawing takes its colours from the page's theme, which the file does not have: they are written into it.
 */
export function svgOf(element: Element | null): Promise<Blob | null> {
  const drawing = element?.querySelector("svg");
  if (drawing == null) return Promise.resolve(null);
  const copy = drawing.cloneNode(true);
  if (!(copy instanceof SVGElement)) return Promise.resolve(null);
  const parts = [...copy.querySelectorAll("*")];
  for (const [index, original] of [...drawing.querySelectorAll("*")].entries()) {
    const computed = getComputedStyle(original);
    for (const style of STYLES) parts[index]?.setAttribute(style, computed.getPropertyValue(style));
    parts[index]?.removeAttribute("class");
  }
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return Promise.resolve(new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" }));
}
