/** What only UDP, ICMP and IGMP have. */

import { useMemo } from "react";
import { Panel } from "../../components/Panel";
import type { IcmpCounts } from "../../generated/IcmpCounts";
import type { IgmpCounts } from "../../generated/IgmpCounts";
import type { UdpCounts } from "../../generated/UdpCounts";
import { count, plainNumber, UNKNOWN } from "../../lib/format";
import { protocolStrings } from "../../lib/protocol-strings";
import type { Table } from "../../lib/table";
import { delayTable } from "./delays";
import { FigurePanel } from "./FigurePanel";

export function Udp({ udp }: { udp: UdpCounts }) {
  const words = protocolStrings.udp;
  const { conversations, packets } = udp;
  const figures = useMemo(
    () => [
      { label: words.conversations[0], hint: words.conversations[1], value: count(conversations) },
      { label: words.packets, value: count(packets) },
      {
        label: words.perConversation,
        value: conversations === 0 ? UNKNOWN : plainNumber(Math.round((packets / conversations) * 10) / 10),
      },
    ],
    [conversations, packets],
  );
  return <FigurePanel title={words.counts} figures={figures} className="col-span-12" />;
}

export function Icmp({ icmp }: { icmp: IcmpCounts }) {
  const words = protocolStrings.icmp;
  const figures = useMemo(
    () => [
      { label: words.requests, value: count(icmp.echo_requests) },
      { label: words.replies, value: count(icmp.echo_replies) },
      { label: words.lost[0], hint: words.lost[1], value: count(icmp.echo_lost) },
      { label: words.forgotten[0], hint: words.forgotten[1], value: count(icmp.echo_forgotten) },
      { label: words.errors[0], hint: words.errors[1], value: count(icmp.errors) },
      { label: words.packets, value: count(icmp.packets) },
    ],
    [icmp],
  );
  const delays = useMemo(() => delayTable([[words.echo, icmp.echo_rtt_ms]]), [icmp]);
  return (
    <>
      <FigurePanel
        title={words.counts}
        figures={figures}
        className="col-span-12 @min-[1040px]/page:col-span-4"
      />
      <Panel
        title={words.delays}
        meta={protocolStrings.session}
        table={delays}
        className="col-span-12 @min-[1040px]/page:col-span-8"
      />
    </>
  );
}

interface IgmpProps {
  igmp: IgmpCounts;
  onPackets: (text: string) => void;
}

export function Igmp({ igmp, onPackets }: IgmpProps) {
  const words = protocolStrings.igmp;
  const { groups, groups_omitted, queriers } = igmp;
  const figures = useMemo(
    () => [
      { label: words.queries[0], hint: words.queries[1], value: count(igmp.queries) },
      { label: words.reports[0], hint: words.reports[1], value: count(igmp.reports) },
      { label: words.joins[0], hint: words.joins[1], value: count(igmp.joins) },
      { label: words.leaves, value: count(igmp.leaves) },
      { label: words.queriers, value: queriers.length === 0 ? words.noQuerier : queriers.join(", ") },
      { label: words.packets, value: count(igmp.packets) },
    ],
    [igmp, queriers],
  );
  const table = useMemo(
    (): Table => ({
      columns: [
        { label: words.group, pick: onPackets },
        { label: words.members, text: count },
        { label: words.joins[0], text: count },
        { label: words.leaves, text: count },
      ],
      rows: () => groups.map(({ address, members, joins, leaves }) => [address, members, joins, leaves]),
    }),
    [groups, onPackets],
  );
  return (
    <>
      <FigurePanel
        title={words.counts}
        figures={figures}
        className="col-span-12 @min-[1040px]/page:col-span-4"
      />
      <Panel
        title={words.groups}
        meta={
          groups_omitted > 0
            ? protocolStrings.dns.omitted(count(groups_omitted))
            : words.seen(count(groups.length))
        }
        table={table}
        className="col-span-12 @min-[1040px]/page:col-span-8"
      >
        {groups.length === 0 ? <p className="px-3 pb-3 text-fg-3">{words.noGroups}</p> : undefined}
      </Panel>
    </>
  );
}
