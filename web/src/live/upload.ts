/** Sends a capture file to the program. */

import { isRecord } from "../lib/shape";
import { strings } from "../lib/strings";
import { Refused } from "./client";

export interface Upload {
  /** The id to start a capture with. */
  id: Promise<string>;
  cancel: () => void;
}

/**
 * Streams `file` to the program. `progress` hears how much of it is sent, 0 to 1.
 *
 * `fetch` cannot tell how far a body is sent; `XMLHttpRequest` can, and reads the file from disk as it goes.
 */
export function uploadCapture(file: File, progress: (ratio: number) => void): Upload {
  const request = new XMLHttpRequest();
  const id = new Promise<string>((done, refuse) => {
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) progress(event.loaded / event.total);
    };
    request.onload = () => {
      const answer = uploadAnswer(request.responseText);
      if ("id" in answer) done(answer.id);
      else refuse(new Refused(answer.error));
    };
    request.onerror = () => refuse(new Refused(strings.errors.uploadBroken));
    request.onabort = () => refuse(new Refused(strings.errors.uploadCancelled));
  });
  request.open("POST", "/api/v1/captures");
  request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
  request.send(file);
  return { id, cancel: () => request.abort() };
}

/** What the program answered: the id of the upload, or the reason why there is none. */
export function uploadAnswer(body: string): { id: string } | { error: string } {
  let answer: unknown = null;
  try {
    answer = JSON.parse(body);
  } catch {
    // What is not JSON has no reason in it; the sentence below says so.
  }
  if (isRecord(answer) && typeof answer.id === "string") return { id: answer.id };
  if (isRecord(answer) && typeof answer.error === "string") return { error: answer.error };
  return { error: strings.errors.noReason };
}
