/** The interfaces of the machine with their traffic as the system counts it, while somebody looks at the list. */

import { useEffect, useState } from "react";
import type { InterfaceRow } from "../generated/InterfaceRow";
import { interfaces, reasonOf } from "./client";
import { useSession } from "./session";

const POLL_EVERY_MS = 1_000;

/** A sparkline shows a minute. */
const READINGS = 60;

/** One interface of the list. */
export interface InterfaceView {
  row: InterfaceRow;
  /** Bits per second over the last second, both ways; `null` while only one reading is there or the system counts none. */
  rate_bps: number | null;
  /** The rates before, oldest first. */
  rates_bps: number[];
}

export interface InterfaceList {
  /** `null` until the first answer. */
  views: InterfaceView[] | null;
  /** Why there is no answer. */
  problem: string | null;
}

interface Counter {
  bytes: number;
  at_ms: number;
  rates_bps: number[];
}

/** Turns the system's counters into rates, one reading after the other. */
export class InterfaceRates {
  private readonly counters = new Map<string, Counter>();

  read(rows: readonly InterfaceRow[], now_ms: number): InterfaceView[] {
    return rows.map((row) => {
      const bytes = bytesOf(row);
      const before = this.counters.get(row.name);
      if (bytes === null) return { row, rate_bps: null, rates_bps: [] };
      const rate_bps = before === undefined ? null : rate(before, bytes, now_ms);
      const rates_bps = [...(before?.rates_bps ?? []), ...(rate_bps === null ? [] : [rate_bps])].slice(
        -READINGS,
      );
      this.counters.set(row.name, { bytes, at_ms: now_ms, rates_bps });
      return { row, rate_bps, rates_bps };
    });
  }
}

function bytesOf(row: InterfaceRow): number | null {
  if (row.bytes_received === null && row.bytes_sent === null) return null;
  return (row.bytes_received ?? 0) + (row.bytes_sent ?? 0);
}

/** A counter that went back was set to zero by the system: there is no rate for that second. */
function rate(before: Counter, bytes: number, now_ms: number): number | null {
  const seconds = (now_ms - before.at_ms) / 1000;
  return seconds <= 0 || bytes < before.bytes ? null : ((bytes - before.bytes) * 8) / seconds;
}

/** The interfaces, asked for once a second while `watched`. */
export function useInterfaces(watched: boolean): InterfaceList {
  const connected = useSession((session) => session.connection.state === "open");
  const [list, setList] = useState<InterfaceList>({ views: null, problem: null });
  useEffect(() => {
    if (!watched || !connected) return;
    const rates = new InterfaceRates();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const poll = async () => {
      try {
        const views = rates.read(await interfaces(), Date.now());
        if (!gone) setList({ views, problem: null });
      } catch (error) {
        if (!gone) setList((held) => ({ ...held, problem: reasonOf(error) }));
      }
      if (!gone) timer = setTimeout(poll, POLL_EVERY_MS);
    };
    void poll();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [watched, connected]);
  return list;
}
