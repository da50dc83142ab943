/** One of a few, side by side: the one that is on stays on when it is pressed again. */

import { ToggleGroup } from "radix-ui";

export interface Choosable<Value extends string> {
  value: Value;
  label: string;
  hint?: string;
}

interface Props<Value extends string> {
  /** What is chosen. */
  label: string;
  choices: readonly Choosable<Value>[];
  chosen: Value;
  onChoose: (value: Value) => void;
}

export function Choice<Value extends string>({ label, choices, chosen, onChoose }: Props<Value>) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={chosen}
      onValueChange={(pressed) => {
        const next = choices.find(({ value }) => value === pressed);
        if (next !== undefined) onChoose(next.value);
      }}
      className="flex h-8 w-fit items-center rounded-md border border-line px-0.5"
    >
      {choices.map(({ value, label, hint }) => (
        <ToggleGroup.Item
          key={value}
          value={value}
          title={hint}
          className="h-[26px] rounded-[5px] px-2.5 font-medium text-fg-2 hover:bg-raised hover:text-fg data-[state=on]:bg-raised data-[state=on]:text-fg"
        >
          {label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
