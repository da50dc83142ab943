/** What is to be said in the page's one polite status region, by parts that know nothing of it. */

import { create } from "zustand";

export const useAnnouncement = create<{ words: string }>(() => ({ words: "" }));

/** Says `words` once they have stood for a moment; nothing takes them back. */
export function announce(words: string): void {
  useAnnouncement.setState({ words });
}
