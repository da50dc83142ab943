/** Chooses what is looked at: one protocol at a press, or some beside each other. */

import { Columns2, Phone } from "lucide-react";
import { ToggleGroup } from "radix-ui";
import { mediaStrings } from "../../lib/media-strings";
import { protocolStrings } from "../../lib/protocol-strings";
import { classColor, protocolClass } from "../../lib/protocols";
import { afterPress, MOST_COMPARED, PROTOCOLS, type ProtocolName } from "./chosen";

interface Props {
  chosen: readonly ProtocolName[];
  onChoose: (chosen: readonly ProtocolName[]) => void;
  comparing: boolean;
  onCompare: (comparing: boolean) => void;
  /** Tells whether anything of a protocol was seen. */
  seen: (name: ProtocolName) => boolean;
  /** Whether the calls are looked at instead. */
  calls: boolean;
  onCalls: () => void;
}

/** No protocol has this name. */
const CALLS = "calls";

export function Picker({ chosen, onChoose, comparing, onCompare, seen, calls, onCalls }: Props) {
  const full = !calls && comparing && chosen.length >= MOST_COMPARED;
  const press = (pressed: readonly string[]) => {
    const shown = calls ? [] : chosen;
    const name = PROTOCOLS.find((other) => pressed.includes(other) !== shown.includes(other));
    if (name !== undefined) onChoose(calls ? [name] : afterPress(chosen, name, comparing));
    else if (!calls && pressed.includes(CALLS)) onCalls();
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <ToggleGroup.Root
        type="multiple"
        aria-label={protocolStrings.choose}
        value={calls ? [CALLS] : [...chosen]}
        onValueChange={press}
        className="flex flex-wrap gap-1"
      >
        {PROTOCOLS.map((name) => {
          const shut = full && !chosen.includes(name);
          return (
            <ToggleGroup.Item
              key={name}
              value={name}
              aria-disabled={shut}
              title={shut ? protocolStrings.compareFull : undefined}
              className="button h-7 px-2.5 data-[state=on]:border-line-strong data-[state=on]:bg-raised data-[state=on]:text-fg"
            >
              <i
                className="swatch size-2 rounded-xs"
                style={{ background: classColor(protocolClass(name)), opacity: seen(name) ? 1 : 0.3 }}
              />
              {name}
            </ToggleGroup.Item>
          );
        })}
        <ToggleGroup.Item
          value={CALLS}
          title={mediaStrings.calls.hint}
          className="button h-7 px-2.5 data-[state=on]:border-line-strong data-[state=on]:bg-raised data-[state=on]:text-fg"
        >
          <Phone size={13} aria-hidden="true" />
          {mediaStrings.calls.tab}
        </ToggleGroup.Item>
      </ToggleGroup.Root>
      {!calls && (
        <button
          type="button"
          aria-pressed={comparing}
          title={protocolStrings.compareHint}
          className={`button h-7 px-2.5 ${comparing ? "border-accent text-accent" : ""}`}
          onClick={() => onCompare(!comparing)}
        >
          <Columns2 size={14} aria-hidden="true" />
          {protocolStrings.compare}
        </button>
      )}
    </div>
  );
}
