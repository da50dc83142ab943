/** What only one protocol has. */

import type { Calls } from "../../generated/Calls";
import type { ProtocolsTopic } from "../../generated/ProtocolsTopic";
import type { FlowsSearch } from "../flows/address";
import type { Change, ProtocolName, ProtocolSearch } from "./chosen";
import { Dns } from "./Dns";
import { orderSearch, streamOrder } from "./media/address";
import { NoRtp } from "./media/NoRtp";
import { afterPress } from "./media/order";
import { Rtp } from "./media/Rtp";
import { Icmp, Igmp, Udp } from "./Others";
import { Quic } from "./Quic";
import { Tcp } from "./Tcp";
import { Tls } from "./Tls";

interface Props {
  name: ProtocolName;
  protocols: ProtocolsTopic;
  calls: Calls | null;
  range: string;
  search: ProtocolSearch;
  change: Change;
  onPackets: (text: string) => void;
  onFlows: (search: FlowsSearch) => void;
}

export function Details(props: Props) {
  const { name, protocols, range, onPackets, onFlows } = props;
  const nothing = (protocols.rates[name]?.packets ?? 0) === 0;
  if (nothing) return name === "RTP" ? <NoRtp onFlows={onFlows} /> : null;
  switch (name) {
    case "TCP":
      return <Tcp tcp={protocols.tcp} range={range} onFlows={onFlows} />;
    case "UDP":
      return <Udp udp={protocols.udp} />;
    case "DNS":
      return <Dns dns={protocols.dns} range={range} onPackets={onPackets} />;
    case "ICMP":
      return <Icmp icmp={protocols.icmp} />;
    case "IGMP":
      return <Igmp igmp={protocols.igmp} onPackets={onPackets} />;
    case "QUIC":
      return <Quic quic={protocols.quic} />;
    case "TLS":
      return <Tls tls={protocols.tls} />;
    case "RTP":
      return <Media {...props} />;
  }
}

function Media({ protocols, calls, range, search, change }: Props) {
  const order = streamOrder(search);
  const { sort: _, rising: __, ...rest } = search;
  return (
    <Rtp
      rtp={protocols.rtp}
      topic={calls}
      range={range}
      order={order}
      onSort={(sort) => change({ ...rest, ...orderSearch(afterPress(order, sort)) })}
      selected={search.stream ?? null}
      onOpen={(stream) => change({ ...search, stream }, search.stream === undefined ? "push" : "replace")}
    />
  );
}
