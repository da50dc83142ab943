/** What the traffic is made of: IP versions, encryption, protocols, and what anybody can read. */

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { Choice } from "../../components/Choice";
import type { ProtocolsTopic } from "../../generated/ProtocolsTopic";
import type { TotalsTopic } from "../../generated/TotalsTopic";
import { compositionStrings } from "../../lib/composition-strings";
import { strings } from "../../lib/strings";
import { useSession } from "../../live/session";
import { useTitle } from "../../live/title";
import { useRangeLabel } from "../../range/label";
import { Waiting } from "../parts/Waiting";
import { ClearTextList } from "./ClearTextList";
import { Distribution } from "./Distribution";
import { ENCRYPTION_LINES, ENCRYPTION_SERIES, IP_LINES, IP_SERIES, SplitChart } from "./SplitChart";
import { type Slice, SplitPanel } from "./SplitPanel";
import { compositionSearch, UNITS, unitOf } from "./unit";

const UNIT_CHOICES = UNITS.map((value) => ({ value, label: compositionStrings.units[value] }));

export function Composition() {
  const known = useSession((session) => session.status !== null);
  const totals = useSession((session) => session.totals);
  const protocols = useSession((session) => session.protocols);
  useTitle(strings.pages.composition);
  const seen = totals !== null && protocols !== null && totals.traffic.packets > 0;
  return (
    <>
      <h1 className="sr-only">{strings.pages.composition}</h1>
      {!known && <Skeleton />}
      {known && !seen && <Waiting />}
      {known && seen && <Numbers totals={totals} protocols={protocols} />}
    </>
  );
}

function Numbers({ totals, protocols }: { totals: TotalsTopic; protocols: ProtocolsTopic }) {
  const unit = useSearch({ from: "/composition", select: unitOf });
  const range = useRangeLabel();
  const navigate = useNavigate();
  const pick = useCallback(
    (protocol: string) => void navigate({ to: "/flows", search: { protocol } }),
    [navigate],
  );
  const ip = useMemo(() => ipSlices(totals), [totals]);
  const encryption = useMemo(() => encryptionSlices(totals), [totals]);
  const words = compositionStrings;
  const half = "col-span-12 xl:col-span-6";
  return (
    <div className="grid grid-cols-12 gap-3">
      <div className="col-span-12">
        <Choice
          label={words.unit}
          choices={UNIT_CHOICES}
          chosen={unit}
          onChoose={(unit) => void navigate({ to: "/composition", search: compositionSearch({ unit }) })}
        />
      </div>
      <SplitPanel title={words.ip} hint={words.ipHint} slices={ip} unit={unit} className={half} />
      <SplitPanel
        title={words.encryption}
        hint={words.encryptionHint}
        slices={encryption}
        unit={unit}
        className={half}
      />
      <SplitChart
        title={words.ipOverTime}
        series={IP_SERIES}
        read={IP_LINES}
        range={range}
        className={half}
      />
      <SplitChart
        title={words.encryptionOverTime}
        series={ENCRYPTION_SERIES}
        read={ENCRYPTION_LINES}
        range={range}
        className={half}
      />
      <Distribution
        distribution={protocols.distribution}
        unit={unit}
        onPick={pick}
        className="col-span-12 lg:col-span-5 xl:col-span-4"
      />
      <ClearTextList
        rows={protocols.clear_text}
        onPick={pick}
        className="col-span-12 lg:col-span-7 xl:col-span-8"
      />
    </div>
  );
}

function ipSlices({ ip_composition: ip }: TotalsTopic): readonly Slice[] {
  const words = compositionStrings;
  const versions: Slice[] = [
    { label: words.ipv4, bytes: ip.ipv4_bytes, packets: ip.ipv4_packets, color: "var(--accent)" },
    { label: words.ipv6, bytes: ip.ipv6_bytes, packets: ip.ipv6_packets, color: "var(--fg-2)" },
  ];
  if (ip.other_packets === 0) return versions;
  // Packets without IP are rare; the two versions are shown even where one has none.
  return [
    ...versions,
    {
      label: words.otherIp,
      bytes: ip.other_bytes,
      packets: ip.other_packets,
      color: "var(--others)",
      aside: true,
    },
  ];
}

function encryptionSlices({ encryption_composition: of }: TotalsTopic): readonly Slice[] {
  const words = compositionStrings;
  return [
    {
      label: words.encrypted,
      bytes: of.encrypted_bytes,
      packets: of.encrypted_packets,
      color: "var(--accent)",
    },
    {
      label: words.clear,
      hint: words.clearHint,
      bytes: of.unencrypted_bytes,
      packets: of.unencrypted_packets,
      color: "var(--warn)",
    },
  ];
}

function Skeleton() {
  return (
    <div className="grid grid-cols-12 gap-3" aria-hidden="true">
      <div className="skeleton col-span-12 h-8 max-w-40" />
      {["ip", "encryption", "ip over time", "encryption over time"].map((part) => (
        <div key={part} className="skeleton col-span-12 h-48 xl:col-span-6" />
      ))}
    </div>
  );
}
