/** A minute of an office: what people do on a network, over both IP versions, for tests and pictures alike. */

import type { Timed } from "./capture-file";
import { Chance } from "./chance";
import {
  askTime,
  call,
  lookUp,
  pings,
  quicTransfer,
  type Transfer,
  tlsTransfer,
  webTransfer,
} from "./conversations";
import { whoHas } from "./frames";

export const OFFICE_S = 60;

/** The office's machines; the first of each version is the one that the rig's interface stands for. */
export const LOCAL_IPV4 = ["192.168.1.24", "192.168.1.31", "192.168.1.57", "192.168.1.80"] as const;
export const LOCAL_IPV6 = ["2001:db8:1::24", "2001:db8:1::31"] as const;

const GATEWAY = "192.168.1.1";

/** Servers at addresses kept for documentation (RFC 5737, RFC 3849), which nobody has. */
const SERVERS = [
  ["video.example.com", "203.0.113.20"],
  ["cdn.example.net", "198.51.100.8"],
  ["mail.example.org", "203.0.113.25"],
  ["code.example.com", "198.51.100.44"],
  ["files.example.net", "203.0.113.77"],
  ["news.example.org", "192.0.2.80"],
  ["chat.example.com", "192.0.2.15"],
] as const;
const SERVERS_IPV6 = [
  ["video.example.com", "2001:db8:ff::20"],
  ["docs.example.net", "2001:db8:ff::d0c"],
] as const;

/** How much of everything: 1 makes about 3 Mb/s, which a picture shows; tests take less. */
export interface Size {
  volume: number;
  lasts_s: number;
}

/** The frames of the office, in order of time. The same size gives the same frames. */
export function office({ volume, lasts_s }: Size): Timed[] {
  const chance = new Chance(2_026);
  const frames: Timed[] = [];
  for (let from_s = 0.2; from_s < lasts_s - 1; from_s += chance.between(3, 9) / 10) {
    const longest_s = Math.min(lasts_s - from_s - 0.5, chance.between(2, 14));
    frames.push(...visit(from_s, Math.max(0.3, longest_s), volume, chance));
  }
  const station = { address: LOCAL_IPV4[1], port: 40_018 };
  frames.push(
    ...call(
      { client: station, server: { address: "203.0.113.5", port: 30_044 }, from_s: 1 },
      lasts_s - 2,
      chance,
    ),
  );
  frames.push(...pings(LOCAL_IPV4[0], GATEWAY, 0.5, Math.floor(lasts_s - 1)));
  frames.push(...pings(LOCAL_IPV6[0], "2001:db8:ff::1", 0.7, Math.floor(lasts_s - 1)));
  frames.push(...backup(volume, lasts_s, chance));
  for (let from_s = 2; from_s < lasts_s; from_s += 7)
    frames.push({ at_s: from_s, frame: whoHas(GATEWAY, LOCAL_IPV4[2]) });
  const clock = {
    client: { address: LOCAL_IPV4[0], port: 123 },
    server: { address: "192.0.2.123", port: 123 },
  };
  frames.push(...askTime({ ...clock, from_s: lasts_s / 3 }));
  return frames.sort((first, second) => first.at_s - second.at_s);
}

/** Somebody opens a page: a question for the name, then the page over one of the ways there are. */
function visit(from_s: number, lasts_s: number, volume: number, chance: Chance): Timed[] {
  const v6 = chance.next() < 0.25;
  const [servers, stations] = v6 ? [SERVERS_IPV6, LOCAL_IPV6] : [SERVERS, LOCAL_IPV4];
  const [name, address] = pick<readonly [string, string]>(servers, chance);
  const client = { address: pick<string>(stations, chance), port: chance.between(49_152, 65_535) };
  const transfer: Transfer = {
    client,
    server: { address, port: 443 },
    from_s: from_s + 0.03,
    name,
    way: chance.next() < 0.3 ? "up" : "down",
    // Most pages are small, some are not.
    bytes:
      volume * (chance.next() < 0.2 ? chance.between(600_000, 1_800_000) : chance.between(20_000, 220_000)),
    lasts_s,
  };
  const resolver = {
    client: { ...client, port: client.port - 1 },
    server: { address: v6 ? "2001:db8:ff::53" : GATEWAY, port: 53 },
  };
  const asked = lookUp({ ...resolver, from_s }, chance.between(1, 65_535), name, v6 ? "192.0.2.1" : address);
  const kind = chance.next();
  if (kind < 0.35) return [...asked, ...quicTransfer(transfer, chance)];
  if (kind < 0.9) return [...asked, ...tlsTransfer(transfer, chance)];
  return [...asked, ...webTransfer({ ...transfer, server: { address, port: 80 } }, chance)];
}

/** Somebody outside fetches a copy from a machine inside: more that goes out. */
function backup(volume: number, lasts_s: number, chance: Chance): Timed[] {
  return tlsTransfer(
    {
      client: { address: "198.51.100.99", port: 51_515 },
      server: { address: LOCAL_IPV4[0], port: 8443 },
      from_s: lasts_s / 4,
      name: "backup.example.com",
      way: "down",
      bytes: volume * 2_500_000,
      lasts_s: lasts_s / 2,
    },
    chance,
  );
}

function pick<T>(list: readonly T[], chance: Chance): T {
  const found = list[chance.between(0, list.length - 1)];
  if (found === undefined) throw new Error("nothing to pick from");
  return found;
}
