/** The gravest findings first; among equals the order of the program. */

import type { Finding } from "../../../generated/Finding";

const GRAVITY = { critical: 0, warning: 1, info: 2 } as const;

export function byGravity(list: readonly Finding[]): readonly Finding[] {
  return [...list].sort((a, b) => GRAVITY[a.severity] - GRAVITY[b.severity]);
}
