/** A country's flag. It never stands alone: its code or its name is beside it, because flags are hard to tell apart. */

import { useEffect } from "react";
import { create } from "zustand";
import type { PlaceDoubt } from "../generated/PlaceDoubt";
import { placeStrings } from "../lib/place-strings";
import { countryName, doubtText } from "../lib/places";

/** Where the flags are, once their list is there. */
const useFlagFiles = create<{ files: ReadonlyMap<string, string> | null }>(() => ({ files: null }));

let asked = false;

/** Asked for with the first country that is shown. Without it countries keep their codes. */
async function loadFlagFiles(): Promise<void> {
  if (asked) return;
  asked = true;
  try {
    const { FLAG_FILES } = await import("./flag-files");
    useFlagFiles.setState({ files: FLAG_FILES });
  } catch {
    asked = false;
  }
}

interface FlagProps {
  /** ISO 3166-1 alpha-2. */
  code: string;
}

/** The picture alone, for where the country's code or name is beside it. Takes its room before it is there. */
export function Flag({ code }: FlagProps) {
  const file = useFlagFiles(({ files }) => (files === null ? undefined : (files.get(code) ?? null)));
  useEffect(() => void loadFlagFiles(), []);
  if (file === null) return null;
  return (
    <span aria-hidden="true" className="inline-block h-3 w-4.5 shrink-0">
      {file !== undefined && (
        <img src={file} alt="" className="h-3 w-4.5 rounded-[1px] outline outline-line -outline-offset-1" />
      )}
    </span>
  );
}

interface Props extends FlagProps {
  /** What stands beside the flag. */
  text?: "code" | "name";
  /** Why what is there is not there after all: the country is crossed out, the pointer is told why. */
  doubt?: PlaceDoubt | null;
  className?: string;
}

/** A flag with the country's code, or with its name. */
export function CountryFlag({ code, text = "code", doubt = null, className = "" }: Props) {
  const name = countryName(code);
  const crossed = doubt === null ? "" : "line-through";
  return (
    <span
      title={doubt === null ? name : `${name}. ${doubtText(doubt)}`}
      className={`inline-flex min-w-0 items-center gap-1.5 ${className}`}
    >
      <span className={`inline-flex ${doubt === null ? "" : "opacity-50"}`}>
        <Flag code={code} />
      </span>
      {text === "name" ? (
        <span className={`truncate ${crossed}`}>{name}</span>
      ) : (
        <>
          <span aria-hidden="true" className={`mono text-fg-2 text-meta ${crossed}`}>
            {code}
          </span>
          <span className="sr-only">{name}</span>
        </>
      )}
      {doubt !== null && <span className="sr-only">({placeStrings.notThere})</span>}
    </span>
  );
}
