/** How long to wait before trying to connect again. */

const FIRST_MS = 250;
const LONGEST_MS = 10_000;

/** Never at once: a program that refuses every connection would be asked in a tight loop. */
const LEAST_MS = 100;

/**
 * The wait before attempt `attempt` (0 for the first), in milliseconds: full jitter, that is any time up to a bound that
 * doubles with each attempt, so that many pages do not return at the same moment.
 *
 * `chance` is a number from 0 to 1.
 */
export function retryDelayMs(attempt: number, chance: number): number {
  const bound_ms = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return LEAST_MS + chance * bound_ms;
}
