/** Frames with their times, and the capture file that holds them. */

export interface Timed {
  /** Seconds after the first. */
  at_s: number;
  frame: Buffer;
}

/** Nanosecond pcap in the byte order of the network. */
const MAGIC = 0xa1b2_3c4d;
const ETHERNET = 1;
const SNAP_LENGTH = 262_144;

/** The bytes of a capture file whose first packet came at `start_s`, in seconds since 1970. */
export function captureFile(frames: readonly Timed[], start_s: number): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32BE(MAGIC, 0);
  header.writeUInt16BE(2, 4);
  header.writeUInt16BE(4, 6);
  header.writeUInt32BE(SNAP_LENGTH, 16);
  header.writeUInt32BE(ETHERNET, 20);
  return Buffer.concat([header, ...frames.flatMap((timed) => [recordHeader(timed, start_s), timed.frame])]);
}

function recordHeader({ at_s, frame }: Timed, start_s: number): Buffer {
  const header = Buffer.alloc(16);
  const seconds = Math.floor(at_s);
  header.writeUInt32BE(start_s + seconds, 0);
  header.writeUInt32BE(Math.floor((at_s - seconds) * 1e9), 4);
  header.writeUInt32BE(frame.length, 8);
  header.writeUInt32BE(frame.length, 12);
  return header;
}
