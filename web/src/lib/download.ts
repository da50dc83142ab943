/** Saves what the page made as a file. */

/** Hands `content` to the browser's downloads. */
export function download(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** A file name out of a panel's title and the time: `netsonde-packet-rate-20261121-140211.csv`. */
export function fileName(title: string, ending: string, now: Date): string {
  const words = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  const [day = "", time = ""] = now.toISOString().split("T");
  return `netsonde-${words}-${day.replaceAll("-", "")}-${time.slice(0, 8).replaceAll(":", "")}.${ending}`;
}
