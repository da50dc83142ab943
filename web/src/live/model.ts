/**
 * The newest of everything, outside React.
 *
 * Views that follow every update read from here when the frame bus calls them; what React shows is copied into the
 * session store at most once a second (`session.ts`).
 */

import type { AppsTopic } from "../generated/AppsTopic";
import type { Calls } from "../generated/Calls";
import type { Findings } from "../generated/Findings";
import type { HostsTopic } from "../generated/HostsTopic";
import type { Message } from "../generated/Message";
import type { PacketsTopic } from "../generated/PacketsTopic";
import type { PlacesTopic } from "../generated/PlacesTopic";
import type { ProtocolsTopic } from "../generated/ProtocolsTopic";
import type { Summaries } from "../generated/Summaries";
import type { Topic } from "../generated/Topic";
import type { TotalsTopic } from "../generated/TotalsTopic";
import { History } from "./history";
import { Readings } from "./readings";

/** What the program publishes; each part is replaced whole, never changed. */
export interface Topics {
  totals: TotalsTopic | null;
  protocols: ProtocolsTopic | null;
  hosts: HostsTopic | null;
  packets: PacketsTopic | null;
  apps: AppsTopic | null;
  calls: Calls | null;
  places: PlacesTopic | null;
  findings: Findings | null;
  summaries: Summaries | null;
}

const NOTHING: Topics = {
  totals: null,
  protocols: null,
  hosts: null,
  packets: null,
  apps: null,
  calls: null,
  places: null,
  findings: null,
  summaries: null,
};

export class Model {
  readonly history = new History();
  /** The flows that spoke in each second since this page looks; the program keeps no history of them. */
  readonly activeFlows = new Readings();
  private newest: Topics = NOTHING;
  private held: Topics | null = null;

  /** What is there by now, also while the view is paused. */
  get latest(): Topics {
    return this.newest;
  }

  /** What the pages show: the newest, or what was there when the view was paused. */
  get shown(): Topics {
    return this.held ?? this.newest;
  }

  /** Keeps what is shown as it is, or lets it go on. */
  hold(held: boolean): void {
    this.held = held ? this.newest : null;
  }

  begin(state: Extract<Message, { type: "initial_state" }>): void {
    this.history.clear();
    this.activeFlows.clear();
    for (const point of state.history) this.history.push(point);
    const { protocols, hosts, packets, apps, calls, places, findings, summaries } = state;
    this.newest = { ...NOTHING, protocols, hosts, packets, apps, calls, places, findings, summaries };
    if (state.totals !== null) this.takeTotals(state.totals);
  }

  take(update: Extract<Message, { type: "update" }>): Topic {
    if (update.topic === "totals") this.takeTotals(update.data);
    else this.newest = { ...this.newest, [update.topic]: update.data };
    return update.topic;
  }

  private takeTotals(totals: TotalsTopic): void {
    this.newest = { ...this.newest, totals };
    for (const point of totals.points) this.history.push(point);
    if (totals.now_ms !== null) this.activeFlows.push(Math.floor(totals.now_ms / 1000), totals.flows.active);
  }
}

export const model = new Model();
