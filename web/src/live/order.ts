/** Keeps updates of another session, or older than what was shown, away from the page. */

import type { Message } from "../generated/Message";

export class UpdateOrder {
  private session: number | null = null;
  private readonly latest = new Map<string, number>();

  /** Tells whether `message` is to be shown, and remembers it if so. */
  admit(message: Message): boolean {
    if (message.type === "initial_state") {
      this.session = message.status.session;
      this.latest.clear();
      return true;
    }
    if (message.type !== "update") return true;
    if (message.session !== this.session) return false;
    const latest = this.latest.get(message.topic) ?? 0;
    // What is said in words changes between publications too, and after the last one.
    const mayFollow = message.topic === "findings" || message.topic === "summaries";
    if (message.sequence < latest || (message.sequence === latest && !mayFollow)) return false;
    this.latest.set(message.topic, message.sequence);
    return true;
  }

  /** Forgets everything: the next connection begins with an initial state. */
  clear(): void {
    this.session = null;
    this.latest.clear();
  }
}
