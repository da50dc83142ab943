/** Two splits of the packets: by IP version, and by whether their flow is encrypted. */

import { Panel } from "../../components/Panel";
import { type Part, ShareBar } from "../../components/ShareBar";
import type { TotalsTopic } from "../../generated/TotalsTopic";
import { byteCountText, count, share } from "../../lib/format";
import { strings } from "../../lib/strings";

interface Slice extends Part {
  label: string;
  bytes: number;
}

export function Composition({ totals, className }: { totals: TotalsTopic; className: string }) {
  const ip = totals.ip_composition;
  const encryption = totals.encryption_composition;
  const { dashboard } = strings;
  const versions: Slice[] = [
    { key: "4", label: dashboard.ipv4, value: ip.ipv4_packets, bytes: ip.ipv4_bytes, color: "var(--tcp)" },
    { key: "6", label: dashboard.ipv6, value: ip.ipv6_packets, bytes: ip.ipv6_bytes, color: "var(--rtp)" },
    {
      key: "0",
      label: dashboard.otherIp,
      value: ip.other_packets,
      bytes: ip.other_bytes,
      color: "var(--others)",
    },
  ];
  const shields: Slice[] = [
    {
      key: "encrypted",
      label: dashboard.encrypted,
      value: encryption.encrypted_packets,
      bytes: encryption.encrypted_bytes,
      color: "var(--tls)",
    },
    {
      key: "clear",
      label: dashboard.clear,
      value: encryption.unencrypted_packets,
      bytes: encryption.unencrypted_bytes,
      color: "var(--udp)",
    },
  ];
  return (
    <Panel title={dashboard.composition} meta={dashboard.shareOfPackets} className={className}>
      <div className="flex flex-col gap-4 px-3 pt-1 pb-3">
        <Split title={dashboard.ipVersions} slices={versions.filter(isMainOrSeen)} />
        <Split title={dashboard.encryption} slices={shields} />
      </div>
    </Panel>
  );
}

/** Packets without IP are rare; the two versions are shown even where one has none. */
function isMainOrSeen(slice: Slice): boolean {
  return slice.key !== "0" || slice.value > 0;
}

function Split({ title, slices }: { title: string; slices: readonly Slice[] }) {
  const whole = slices.reduce((sum, slice) => sum + slice.value, 0);
  return (
    <table className="w-full text-table">
      <caption className="pb-1.5 text-left text-fg-3 text-meta">
        {title}
        <span className="mt-1.5 block">
          <ShareBar parts={slices} />
        </span>
      </caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">{title}</th>
          <th scope="col">{strings.dashboard.share}</th>
          <th scope="col">{strings.dashboard.bytes}</th>
          <th scope="col">{strings.dashboard.packets}</th>
        </tr>
      </thead>
      <tbody>
        {slices.map(({ key, label, value, bytes, color }) => (
          <tr key={key} className="h-[26px] hover:bg-raised">
            <th scope="row" className="text-left font-medium">
              <i className="swatch mr-2 inline-block size-2 rounded-xs" style={{ background: color }} />
              {label}
            </th>
            <td className="text-right text-fg-2">{share(whole === 0 ? null : value / whole)}</td>
            <td className="text-right">{byteCountText(bytes)}</td>
            <td className="text-right text-fg-3">
              {count(value)} <span className="text-meta">pkt</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
