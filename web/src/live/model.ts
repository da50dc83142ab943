/**
 * The newest of everything, outside React.
 *
 * Views that follow every update read from here when the frame bus calls them; what React shows is copied into the
 * session store at most once a second (`session.ts`).
 */

import type { HostsTopic } from "../generated/HostsTopic";
import type { Message } from "../generated/Message";
import type { PacketsTopic } from "../generated/PacketsTopic";
import type { ProtocolsTopic } from "../generated/ProtocolsTopic";
import type { Topic } from "../generated/Topic";
import type { TotalsTopic } from "../generated/TotalsTopic";
import { History } from "./history";

/** How many readings of the open flows a sparkline shows: a minute at four a second. */
const FLOW_READINGS = 240;

export class Model {
  readonly history = new History();
  /** The open flows at each update since this page looks, oldest first; the program keeps no history of them. */
  readonly openFlows: number[] = [];
  totals: TotalsTopic | null = null;
  protocols: ProtocolsTopic | null = null;
  hosts: HostsTopic | null = null;
  packets: PacketsTopic | null = null;

  begin(state: Extract<Message, { type: "initial_state" }>): void {
    this.history.clear();
    this.openFlows.length = 0;
    for (const point of state.history) this.history.push(point);
    this.protocols = state.protocols;
    this.hosts = state.hosts;
    this.packets = state.packets;
    this.totals = null;
    if (state.totals !== null) this.takeTotals(state.totals);
  }

  take(update: Extract<Message, { type: "update" }>): Topic {
    switch (update.topic) {
      case "totals":
        this.takeTotals(update.data);
        break;
      case "protocols":
        this.protocols = update.data;
        break;
      case "hosts":
        this.hosts = update.data;
        break;
      case "packets":
        this.packets = update.data;
        break;
    }
    return update.topic;
  }

  private takeTotals(totals: TotalsTopic): void {
    this.totals = totals;
    for (const point of totals.points) this.history.push(point);
    this.openFlows.push(totals.flows.open);
    if (this.openFlows.length > FLOW_READINGS) this.openFlows.shift();
  }
}

export const model = new Model();
