/** Where round trips are measured in halves: between local ends, or between ends of which none is local. */

import type { Delays } from "../../generated/Delays";

interface Measured {
  tcp: { rtt_ms: Pick<Delays, "samples">; rtt_far_ms: Pick<Delays, "samples"> };
}

/**
 * Tells whether no round trip has a far side. Then what is shown as a round trip is made of the halves of its way.
 */
export function onlyHalves(protocols: Measured | null): boolean {
  return protocols !== null && protocols.tcp.rtt_far_ms.samples === 0 && protocols.tcp.rtt_ms.samples > 0;
}
