/** The browser's title of the page. */

import { useEffect } from "react";
import { strings } from "./strings";

/** Names the page in the browser's tab and history. */
export function useTitle(page: string): void {
  useEffect(() => {
    document.title = `${page} · ${strings.program}`;
  }, [page]);
}
