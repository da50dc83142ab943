/** What was said in words, where it is asked for over HTTP: all of it, and what would be sent to a model. */

import type { AssistantPreview } from "../generated/AssistantPreview";
import type { Summaries } from "../generated/Summaries";
import type { Shape } from "../lib/shape";
import { strings } from "../lib/strings";
import { Refused } from "./client";
import { assistantPreview, summaries } from "./word-shapes";

/** Every summary that the program holds; the topic has the newest 20. */
export function allSummaries(): Promise<Summaries> {
  return fetched("/api/v1/summaries", summaries);
}

/** What would be sent to the model, as it would be sent. */
export function assistantWouldSend(): Promise<AssistantPreview> {
  return fetched("/api/v1/assistant/preview", assistantPreview);
}

async function fetched<T>(address: string, shape: Shape<T>): Promise<T> {
  const answer = await fetch(address).catch(() => {
    throw new Refused(strings.errors.notConnected);
  });
  if (!answer.ok) throw new Refused((await answer.text()).trim() || strings.errors.noReason);
  const value: unknown = await answer.json().catch(() => null);
  if (shape(value, "answer") !== null) throw new Refused(strings.errors.noAnswer);
  return value as T;
}
