/** Whether nothing more will come: then there is no now, only an end. */

import { useSession } from "../../live/session";

export function useOver(): boolean {
  return useSession(({ status }) => status?.state === "finished" || status?.state === "failed");
}
