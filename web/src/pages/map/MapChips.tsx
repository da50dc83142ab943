/** A chip for each category that is anywhere on the map. */

import { CategoryMark } from "../../components/CategoryMark";
import { byteCountText, count } from "../../lib/format";
import { mapStrings } from "../../lib/map-strings";
import { useHeldOrder } from "../parts/use-held-order";
import type { CategoryAmount, Measure } from "./spots";

interface Props {
  sums: readonly CategoryAmount[];
  by: Measure;
  /** `null` for all. */
  chosen: string | null;
  onChoose: (category: string | null) => void;
}

const CHIP =
  "inline-flex h-7 shrink-0 items-center gap-1.5 rounded-full border px-2.5 text-table hover:bg-raised";

function looks(on: boolean): string {
  return `${CHIP} ${on ? "border-accent bg-raised text-fg" : "border-line text-fg-2"}`;
}

export function MapChips({ by, chosen, onChoose, ...props }: Props) {
  // A chip that moves away under the pointer cannot be pressed.
  const { rows: sums, watch } = useHeldOrder(props.sums, nameOf, by);
  const missing = chosen !== null && !sums.some(({ category }) => category === chosen);
  return (
    <fieldset
      className="-m-1 flex min-w-0 max-w-full gap-1.5 overflow-x-auto p-1 md:flex-wrap lg:flex-1"
      {...watch}
    >
      <legend className="sr-only">{mapStrings.categories}</legend>
      <button
        type="button"
        aria-pressed={chosen === null}
        className={looks(chosen === null)}
        onClick={() => onChoose(null)}
      >
        {mapStrings.all}
      </button>
      {[...sums, ...(missing ? [{ category: chosen, amount: 0 }] : [])].map(({ category, amount }) => (
        <button
          key={category}
          type="button"
          aria-pressed={category === chosen}
          title={mapStrings.pick(category)}
          className={looks(category === chosen)}
          onClick={() => onChoose(category === chosen ? null : category)}
        >
          <CategoryMark category={category} named />
          <bdi>{category}</bdi>
          <span className="text-fg-3">{by === "flows" ? count(amount) : byteCountText(amount)}</span>
        </button>
      ))}
    </fieldset>
  );
}

function nameOf({ category }: CategoryAmount): string {
  return category;
}
