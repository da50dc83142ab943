/** What only DNS has: who answered how, how long it took, and what the answers taught. */

import { useMemo } from "react";
import { BarList } from "../../components/BarList";
import type { Figure } from "../../components/Figures";
import type { Series } from "../../components/lines";
import { Panel } from "../../components/Panel";
import { TimeChart } from "../../components/TimeChart";
import type { DnsCounts } from "../../generated/DnsCounts";
import type { Messages } from "../../generated/Messages";
import { count, delayText } from "../../lib/format";
import { protocolStrings } from "../../lib/protocol-strings";
import { strings } from "../../lib/strings";
import type { Table } from "../../lib/table";
import { ChartMeta } from "../parts/ChartMeta";
import { CHART_EVENTS, chartLines, onTotals } from "../parts/lines";
import { delayTable } from "./delays";
import { FigurePanel } from "./FigurePanel";

interface Props {
  dns: DnsCounts;
  range: string;
  onPackets: (text: string) => void;
}

const words = protocolStrings.dns;

export function Dns({ dns, range, onPackets }: Props) {
  const figures = useMemo(() => figuresOf(dns), [dns]);
  const delays = useMemo(() => delayTable([[words.queryToAnswer, dns.latency_ms]]), [dns]);
  return (
    <>
      <FigurePanel
        title={words.counts}
        figures={figures}
        className="col-span-12 @min-[680px]/page:col-span-6 @min-[1040px]/page:col-span-3"
      />
      <Rcodes
        rcodes={dns.rcodes}
        className="col-span-12 @min-[680px]/page:col-span-6 @min-[1040px]/page:col-span-3"
      />
      <TimeChart
        title={words.latency}
        unit="ms"
        meta={<ChartMeta range={range} />}
        series={SERIES}
        read={LINES}
        format={delayText}
        subscribe={onTotals}
        events={CHART_EVENTS}
        unknown={words.noLatency}
        className="col-span-12 @min-[1040px]/page:col-span-6"
      />
      <Panel
        title={words.delays}
        meta={protocolStrings.session}
        table={delays}
        className="col-span-12 @min-[1040px]/page:col-span-6"
      />
      <Learned dns={dns} onPackets={onPackets} className="col-span-12 @min-[1040px]/page:col-span-6" />
    </>
  );
}

const SERIES: readonly Series[] = [{ label: strings.dashboard.series.mean, color: "--dns", fill: true }];
const LINES = chartLines(["dns_latency_ms"]);

function figuresOf(dns: DnsCounts): readonly Figure[] {
  const said = ({ queries, responses }: Messages) => words.asked(count(queries), count(responses));
  return [
    { label: words.queries, value: count(dns.queries) },
    { label: words.responses, value: count(dns.responses) },
    { label: words.timeouts[0], hint: words.timeouts[1], value: count(dns.timeouts) },
    { label: words.forgotten[0], hint: words.forgotten[1], value: count(dns.forgotten) },
    { label: words.now[0], hint: words.now[1], value: delayText(dns.latency.now_ms) },
    { label: words.mdns[0], hint: words.mdns[1], value: said(dns.mdns) },
    { label: words.llmnr[0], hint: words.llmnr[1], value: said(dns.llmnr) },
  ];
}

/** An answer that is none stands out; the rest is one colour. */
const FINE = "NOERROR";

function Rcodes({ rcodes, className }: { rcodes: DnsCounts["rcodes"]; className: string }) {
  const bars = useMemo(
    () =>
      Object.entries(rcodes)
        .sort(([, one], [, other]) => other - one)
        .map(([code, n]) => ({
          key: code,
          label: code,
          value: n,
          text: count(n),
          color: code === FINE ? "var(--dns)" : "var(--warn)",
        })),
    [rcodes],
  );
  const table = useMemo(
    (): Table => ({
      columns: [{ label: words.rcode }, { label: protocolStrings.tcp.count, text: count }],
      rows: () => bars.map(({ label, value }) => [label, value]),
    }),
    [bars],
  );
  return (
    <Panel title={words.rcodes} meta={words.rcodesHint} table={table} className={className}>
      {bars.length === 0 ? <p className="px-3 pb-3 text-fg-3">{words.noAnswers}</p> : <BarList bars={bars} />}
    </Panel>
  );
}

interface LearnedProps {
  dns: DnsCounts;
  onPackets: (text: string) => void;
  className: string;
}

function Learned({ dns, onPackets, className }: LearnedProps) {
  const { learned, learned_omitted } = dns;
  const table = useMemo(
    (): Table => ({
      columns: [{ label: words.address, pick: onPackets }, { label: words.names }],
      rows: () => learned.map(({ address, names }) => [address, names.join(", ")]),
    }),
    [learned, onPackets],
  );
  return (
    <Panel
      title={words.learned}
      meta={learned_omitted > 0 ? words.omitted(count(learned_omitted)) : words.learnedHint}
      table={table}
      className={className}
    >
      {learned.length === 0 ? <p className="px-3 pb-3 text-fg-3">{words.noNames}</p> : undefined}
    </Panel>
  );
}
