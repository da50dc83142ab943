/** What only TLS has: what its hellos agreed on, and how long that took. */

import { useMemo } from "react";
import type { TlsCounts } from "../../generated/TlsCounts";
import { count, share } from "../../lib/format";
import { mediaStrings } from "../../lib/media-strings";
import { FigurePanel } from "./FigurePanel";
import { NameCounts } from "./NameCounts";
import { delayRow, Quality } from "./Quality";

const { tls: words } = mediaStrings;

export function Tls({ tls }: { tls: TlsCounts }) {
  const quality = useMemo(
    () => [delayRow(words.handshake, words.handshakeHint, tls.handshake_ms, tls.handshake)],
    [tls],
  );
  const figures = useMemo(() => figuresOf(tls), [tls]);
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
        counts={tls.versions}
        color="var(--tls)"
        none={words.noHello}
        className="col-span-12 @min-[680px]/page:col-span-6 @min-[1040px]/page:col-span-4"
      />
      <NameCounts
        title={words.ciphers}
        meta={words.versionsHint}
        label={words.cipher}
        counts={tls.ciphers}
        color="var(--tls)"
        none={words.noHello}
        className="col-span-12 @min-[1040px]/page:col-span-4"
      />
    </>
  );
}

function figuresOf(tls: TlsCounts) {
  const told = tls.full + tls.resumed;
  const part = (n: number) => words.part(count(n), share(told === 0 ? null : n / told));
  return [
    { label: words.clientHellos, value: count(tls.client_hellos) },
    { label: words.serverHellos, value: count(tls.server_hellos) },
    { label: words.full[0], hint: words.full[1], value: part(tls.full) },
    { label: words.resumed[0], hint: words.resumed[1], value: part(tls.resumed) },
    { label: words.encrypted[0], hint: words.encrypted[1], value: count(tls.encrypted_hellos) },
  ];
}
