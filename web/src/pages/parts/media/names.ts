/** A stream in words. */

import type { RtpStream } from "../../../generated/RtpStream";
import { endText } from "../../../lib/flow-names";
import { clockText } from "../../../lib/format";
import { mediaStrings as words } from "../../../lib/media-strings";

/** `PCMA`, or that it is not known, with the one number that says anything. */
export function codecText({ codec, payload_type }: Pick<RtpStream, "codec" | "payload_type">): string {
  return codec ?? `${words.unknownCodec}, ${words.payloadType(String(payload_type))}`;
}

/** `PCMA 8 kHz`; the clock is left out where it is not known. */
export function codecAndClock(
  stream: Pick<RtpStream, "codec" | "payload_type"> & Partial<Pick<RtpStream, "clock_rate">>,
): string {
  const { clock_rate = null } = stream;
  return clock_rate === null ? codecText(stream) : `${codecText(stream)} ${clockText(clock_rate)}`;
}

/** `audio, encrypted`; `null` where nothing is known. */
export function kindText({ kind, encrypted }: Pick<RtpStream, "kind" | "encrypted">): string | null {
  const parts = [...(kind === null ? [] : [words.kinds[kind]]), ...(encrypted ? [words.encrypted] : [])];
  return parts.length === 0 ? null : parts.join(", ");
}

/** Who sends to whom: `10.0.0.1:4000 → 10.0.0.2:5000`. */
export function endsText(stream: Pick<RtpStream, "src" | "src_port" | "dst" | "dst_port">): string {
  return words.direction(endText(stream.src, stream.src_port), endText(stream.dst, stream.dst_port));
}
