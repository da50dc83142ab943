/** What each kind of application moved: one bar, and a chip for each that narrows the table to it. */

import { CategoryMark } from "../../components/CategoryMark";
import { ShareBar } from "../../components/ShareBar";
import { appStrings } from "../../lib/app-strings";
import { share } from "../../lib/format";
import { shareOf } from "../parts/app-shares";
import { useHeldOrder } from "../parts/use-held-order";
import { barOf, type CategorySum } from "./shown";

interface Props {
  sums: readonly CategorySum[];
  whole: number;
  /** `null` for all. */
  chosen: string | null;
  onChoose: (category: string | null) => void;
}

export function CategoryChips({ whole, chosen, onChoose, ...props }: Props) {
  // A chip that moves away under the pointer cannot be pressed.
  const { rows: sums, watch } = useHeldOrder(props.sums, nameOf, "");
  if (sums.length === 0) return null;
  const labelled = sums.reduce((all, { amount }) => all + amount, 0);
  const parts = barOf(sums).map(({ category, kinds, amount, color }) => ({
    key: category,
    value: amount,
    color,
    title: appStrings.partOf(category, kinds, share(shareOf(amount, whole))),
  }));
  // What has no label is a part of the whole that no chip stands for: its row has the same colour.
  const left = Math.max(0, whole - labelled);
  const rest = {
    key: "",
    value: left,
    color: "var(--line-strong)",
    title: appStrings.partOf(appStrings.unlabelled, 1, share(shareOf(left, whole))),
  };
  return (
    <div className="@container px-3 pt-1 pb-2" {...watch}>
      <ShareBar parts={[...parts, rest]} />
      {/* On a phone one line that scrolls: the table is what people came for. */}
      <fieldset className="-m-1 mt-1 flex min-w-0 @md:flex-wrap gap-1.5 overflow-x-auto p-1">
        <legend className="sr-only">{appStrings.categories}</legend>
        {sums.map(({ category, amount }) => {
          const on = category === chosen;
          return (
            <button
              key={category}
              type="button"
              aria-pressed={on}
              title={appStrings.pick(category)}
              className={`inline-flex h-7 @md:max-w-full @max-md:shrink-0 items-center gap-1.5 rounded-full border px-2.5 text-table hover:bg-raised ${on ? "border-accent bg-raised text-fg" : "border-line text-fg-2"}`}
              onClick={() => onChoose(on ? null : category)}
            >
              <CategoryMark category={category} named />
              <bdi className="min-w-0 truncate">{category}</bdi>
              <span className="text-fg-3">{share(shareOf(amount, whole))}</span>
            </button>
          );
        })}
      </fieldset>
    </div>
  );
}

function nameOf({ category }: CategorySum): string {
  return category;
}
