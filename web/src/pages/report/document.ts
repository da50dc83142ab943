/** The report's document in its frame: how high it is, whether it is one, and where its links lead. */

export const REPORT_ADDRESS = "/api/v1/report.html";

export type ReportFormat = "html" | "md" | "json" | "csv";

/** Where the report is saved from. */
export function downloadAddress(format: ReportFormat): string {
  return `/api/v1/report.${format}?download`;
}

/** Why there is no document in the frame; `null` where there is one. */
export function problemOf(frame: HTMLIFrameElement, otherwise: string): string | null {
  const held = documentOf(frame);
  if (held === null) return otherwise;
  if (held.contentType === "text/html") return null;
  // What the program says instead of a report is a sentence.
  return held.body?.textContent.trim().slice(0, 500) || otherwise;
}

/** Makes the frame as high as what it holds, now and whenever that changes. Returns what ends it. */
export function fitHeight(frame: HTMLIFrameElement, onHeight: (px: number) => void): () => void {
  const root = documentOf(frame)?.documentElement;
  if (root === undefined || root === null) return () => {};
  const measure = () => onHeight(Math.ceil(root.getBoundingClientRect().height));
  const observer = new ResizeObserver(measure);
  observer.observe(root);
  measure();
  return () => observer.disconnect();
}

/** Hands links that lead to the dashboard to `go`, so that the page need not be loaded anew. Returns what ends it. */
export function followLinks(frame: HTMLIFrameElement, go: (path: string) => void): () => void {
  const held = documentOf(frame);
  const press = (event: MouseEvent) => {
    const path = event.button === 0 && !isModified(event) ? pathOf(event.target) : null;
    if (path === null) return;
    event.preventDefault();
    go(path);
  };
  held?.addEventListener("click", press);
  return () => held?.removeEventListener("click", press);
}

/** A press that asks for another tab or window is the browser's. */
function isModified(event: MouseEvent): boolean {
  return event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
}

/** The path on this dashboard that a link leads to; not that of a place in the document itself. */
function pathOf(target: EventTarget | null): string | null {
  // What is in the frame is of another window, whose classes are not those of this one.
  const link = (target as Element | null)?.closest?.("a[href]");
  const href = link?.getAttribute("href") ?? "";
  if (href === "" || href.startsWith("#")) return null;
  const address = new URL(href, location.origin);
  return address.origin === location.origin ? `${address.pathname}${address.search}` : null;
}

/** A frame whose loading failed belongs to nobody, and may not be looked into. */
function documentOf(frame: HTMLIFrameElement): Document | null {
  try {
    return frame.contentDocument;
  } catch {
    return null;
  }
}
