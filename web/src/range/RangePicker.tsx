/** The time range in the top bar: the usual ones at a click, any other in a popover. */

import { ChevronDown, ChevronLeft, ChevronRight } from "lucide-react";
import { Popover, ToggleGroup } from "radix-ui";
import { useLayoutEffect } from "react";
import { strings } from "../lib/strings";
import { CustomRange } from "./CustomRange";
import { rangeText, useShownRange } from "./label";
import { PRESETS_S, type Range, rangeOf, sameRange, searchOf, shortLength } from "./range";
import { setPickerOpen, setRange, step, useRange } from "./store";

const WHOLE: Range = { kind: "whole" };

/** A range's name for a control that knows texts only: what the address says of it. */
function keyOf(range: Range): string {
  return searchOf(range).from ?? "";
}

const CHOICES: readonly { range: Range; label: string; hint: string }[] = [
  ...PRESETS_S.map((seconds) => ({
    range: { kind: "following" as const, seconds },
    label: shortLength(seconds),
    hint: strings.range.last(shortLength(seconds)),
  })),
  { range: WHOLE, label: strings.range.whole, hint: strings.range.wholeHint },
];

export function RangePicker() {
  const shown = useShownRange();
  // What asked for it on a page without a range does not open it on the next one.
  useLayoutEffect(() => setPickerOpen(false), []);
  return (
    <div className="flex items-center">
      <Presets
        shown={shown}
        className="hidden h-8 items-center rounded-l-md border border-line border-r-0 px-0.5 wide:flex"
        item="h-[26px] min-w-9 px-2"
      />
      <Custom shown={shown} />
    </div>
  );
}

interface PresetsProps {
  shown: Range;
  className: string;
  item: string;
}

function Presets({ shown, className, item }: PresetsProps) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={strings.range.label}
      value={shown.kind === "between" ? "" : keyOf(shown)}
      onValueChange={(key) => {
        // Nothing is chosen when the one that is on is pressed again.
        if (key !== "") setRange(rangeOf({ from: key, to: "now" }));
      }}
      className={className}
    >
      {CHOICES.map(({ range, label, hint }) => (
        <ToggleGroup.Item
          key={keyOf(range)}
          value={keyOf(range)}
          title={hint}
          className={`${item} rounded-[5px] font-medium text-fg-2 hover:bg-raised hover:text-fg data-[state=on]:bg-raised data-[state=on]:text-fg`}
        >
          {label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}

function Custom({ shown }: { shown: Range }) {
  const open = useRange((state) => state.pickerOpen);
  const preset = CHOICES.some(({ range }) => sameRange(range, shown));
  const label = rangeText(shown);
  return (
    <Popover.Root open={open} onOpenChange={setPickerOpen}>
      <Popover.Trigger className="button px-2 wide:rounded-l-none">
        <span className="sr-only">{strings.range.label}:</span>
        <span className={`max-w-52 truncate ${preset ? "text-fg wide:hidden" : "text-accent"}`}>
          <span className="max-sm:hidden">{label}</span>
          <span className="sm:hidden">{shortText(shown)}</span>
        </span>
        {preset && <span className="hidden wide:inline">{strings.range.custom}</span>}
        <ChevronDown size={14} aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label={strings.range.label}
          className="popup appear z-40 w-[316px] max-w-[94vw] p-3"
        >
          <div className="flex items-center gap-1">
            <Presets shown={shown} className="flex flex-1" item="h-8 flex-1" />
            <Step direction={-1} label={strings.range.earlier} />
            <Step direction={1} label={strings.range.later} />
          </div>
          <CustomRange shown={shown} onDone={() => setPickerOpen(false)} />
          <p className="mt-3 text-fg-3 text-meta">{strings.range.hint}</p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** The range where there is room for a word. */
function shortText(range: Range): string {
  if (range.kind === "following") return shortLength(range.seconds);
  return range.kind === "whole" ? strings.range.whole : shortLength(range.to - range.from);
}

function Step({ direction, label }: { direction: -1 | 1; label: string }) {
  const Icon = direction < 0 ? ChevronLeft : ChevronRight;
  return (
    <button
      type="button"
      className="button w-7 px-0"
      aria-label={label}
      title={`${label} (${direction < 0 ? "[" : "]"})`}
      onClick={() => step(direction)}
    >
      <Icon size={14} aria-hidden="true" />
    </button>
  );
}
