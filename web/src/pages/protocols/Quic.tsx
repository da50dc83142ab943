/** What only QUIC has: connections, their versions, and the round trips that can be told of them. */

import { useMemo } from "react";
import type { QuicCounts } from "../../generated/QuicCounts";
import { count } from "../../lib/format";
import { mediaStrings } from "../../lib/media-strings";
import { quicVersionText } from "../../lib/quic-versions";
import { FigurePanel } from "./FigurePanel";
import { NameCounts } from "./NameCounts";
import { delayRow, Quality } from "./Quality";

const { quic: words } = mediaStrings;

export function Quic({ quic }: { quic: QuicCounts }) {
  const quality = useMemo(
    () => [
      delayRow(words.handshake, words.handshakeHint, quic.handshake_rtt_ms, quic.handshake_rtt),
      delayRow(words.spin, words.spinHint, quic.spin_rtt_ms, quic.spin_rtt),
    ],
    [quic],
  );
  const figures = useMemo(
    () => [
      { label: words.connections[0], hint: words.connections[1], value: count(quic.connections) },
      { label: words.google[0], hint: words.google[1], value: count(quic.google_connections) },
      { label: words.packets, value: count(quic.packets) },
      { label: words.migrations[0], hint: words.migrations[1], value: count(quic.migrations) },
    ],
    [quic],
  );
  return (
    <>
      <Quality title={words.quality} rows={quality} className="col-span-12" />
      <FigurePanel
        title={words.counts}
        figures={figures}
        className="col-span-12 @min-[680px]/page:col-span-6 @min-[1040px]/page:col-span-4"
      />
      <NameCounts
        title={words.versions}
        meta={words.versionsHint}
        label={words.version}
        counts={quic.versions}
        text={quicVersionText}
        color="var(--quic)"
        none={words.noVersion}
        className="col-span-12 @min-[680px]/page:col-span-6 @min-[1040px]/page:col-span-4"
      />
      <NameCounts
        title={words.types}
        meta={words.typesHint}
        label={words.type}
        counts={quic.packet_types}
        text={typeText}
        color="var(--quic)"
        none={words.noType}
        className="col-span-12 @min-[1040px]/page:col-span-4"
      />
    </>
  );
}

/** A type this page does not know keeps its name. */
function typeText(name: string): string {
  return words.typeNames[name] ?? name;
}
