/** Chooses what is looked at: one protocol at a press, or some beside each other. */

import { Columns2 } from "lucide-react";
import { ToggleGroup } from "radix-ui";
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
}

export function Picker({ chosen, onChoose, comparing, onCompare, seen }: Props) {
  const full = comparing && chosen.length >= MOST_COMPARED;
  const press = (pressed: readonly string[]) => {
    const name = PROTOCOLS.find((other) => pressed.includes(other) !== chosen.includes(other));
    if (name !== undefined) onChoose(afterPress(chosen, name, comparing));
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <ToggleGroup.Root
        type="multiple"
        aria-label={protocolStrings.choose}
        value={[...chosen]}
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
      </ToggleGroup.Root>
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
    </div>
  );
}
