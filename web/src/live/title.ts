/** The browser's title of the page. */

import { useEffect } from "react";
import { strings } from "../lib/strings";
import { useSession } from "./session";

/** Names the page in the browser's tab and history, and says where its numbers are made up. */
export function useTitle(page: string): void {
  const demo = useSession((session) => session.status?.source?.kind === "demo");
  useEffect(() => {
    document.title = [page, ...(demo ? [strings.demo.name] : []), strings.program].join(" · ");
  }, [page, demo]);
}
