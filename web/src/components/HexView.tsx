/** Bytes as hexadecimal digits and as text; the byte pointed at is marked in both. */

import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { BYTES_PER_LINE, byteAt, byteWords, hexColumn, hexLines } from "../lib/hex";
import { strings } from "../lib/strings";

interface HexViewProps {
  /** Two hexadecimal digits for each byte. */
  bytes: string;
  label: string;
}

const LINE_PX = 20;

/** Three texts instead of an element for each byte: a packet of 64 KiB is as cheap as a small one. */
export function HexView({ bytes, label }: HexViewProps) {
  const lines = useMemo(() => hexLines(bytes), [bytes]);
  const [hot, setHot] = useState<number | null>(null);
  const mark = useRef<HTMLElement>(null);
  const byKey = useRef(false);
  const count = Math.floor(bytes.length / 2);
  // Another packet may have fewer bytes.
  const shown = hot !== null && hot < count ? hot : null;

  useEffect(() => {
    if (byKey.current && shown !== null)
      mark.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [shown]);

  const point = (event: PointerEvent<HTMLPreElement>, column: "hex" | "text") => {
    const box = event.currentTarget.getBoundingClientRect();
    const characters = column === "hex" ? HEX_CHARACTERS : BYTES_PER_LINE;
    const character = Math.floor(((event.clientX - box.left) / box.width) * characters);
    const line = Math.floor((event.clientY - box.top) / LINE_PX);
    const place = column === "hex" ? byteAt(character) : character;
    const index = line * BYTES_PER_LINE + place;
    byKey.current = false;
    setHot(place >= 0 && place < BYTES_PER_LINE && index >= 0 && index < count ? index : null);
  };
  const press = (event: KeyboardEvent) => {
    const next = target(event.key, shown, count);
    if (next === null) return;
    event.preventDefault();
    byKey.current = true;
    setHot(next);
  };
  const column = (shown ?? 0) % BYTES_PER_LINE;
  const top = Math.floor((shown ?? 0) / BYTES_PER_LINE) * LINE_PX;
  const markClass = "swatch pointer-events-none absolute rounded-xs bg-accent/35 outline-1 outline-accent";
  return (
    <div className="flex min-h-0 min-w-0 flex-col">
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onKeyDown={press}
        className="hex mono flex min-h-0 flex-1 gap-5 overflow-auto whitespace-pre px-3 py-1 focus-visible:-outline-offset-2"
      >
        <pre className="h-max text-fg-3">{lines.map(({ offset }) => offset).join("\n")}</pre>
        <pre
          className="relative h-max shrink-0"
          style={{ width: `${HEX_CHARACTERS}ch` }}
          onPointerMove={(event) => point(event, "hex")}
        >
          {lines.map(({ hex }) => hex).join("\n")}
          {shown !== null && (
            <i
              ref={mark}
              className={markClass}
              style={{ left: `${hexColumn(column)}ch`, top, width: "2ch", height: LINE_PX }}
            />
          )}
        </pre>
        <pre
          className="relative h-max shrink-0 text-fg-2"
          style={{ width: `${BYTES_PER_LINE}ch` }}
          onPointerMove={(event) => point(event, "text")}
        >
          {lines.map(({ ascii }) => ascii).join("\n")}
          {shown !== null && (
            <i className={markClass} style={{ left: `${column}ch`, top, width: "1ch", height: LINE_PX }} />
          )}
        </pre>
      </section>
      <p aria-live="polite" className="mono h-6 shrink-0 truncate whitespace-pre px-3 text-fg-2 leading-6">
        {shown === null ? strings.hex.hint : byteWords(bytes, shown)}
      </p>
    </div>
  );
}

/** Two digits and a space for each byte, one more space in the middle, none at the end. */
const HEX_CHARACTERS = BYTES_PER_LINE * 3;

/** Where a key leads; `null` for a key that is none of these. */
function target(key: string, from: number | null, count: number): number | null {
  if (count === 0) return null;
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -BYTES_PER_LINE,
    ArrowDown: BYTES_PER_LINE,
  };
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = steps[key];
  if (step === undefined) return null;
  return from === null ? 0 : Math.min(count - 1, Math.max(0, from + step));
}
