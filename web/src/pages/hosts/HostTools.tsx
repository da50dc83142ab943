/** What stands over the list of hosts: which ones. */

import { Choice } from "../../components/Choice";
import type { CountrySums } from "../../generated/CountrySums";
import { count } from "../../lib/format";
import { hostStrings } from "../../lib/host-strings";
import { countryName } from "../../lib/places";
import { useSession } from "../../live/session";

const SIDES = [
  { value: "all", label: hostStrings.side.all },
  { value: "local", label: hostStrings.side.local, hint: hostStrings.sideHints.local },
  { value: "remote", label: hostStrings.side.remote, hint: hostStrings.sideHints.remote },
] as const;

interface SideProps {
  /** Only local hosts, or only others; `null` for both. */
  local: boolean | null;
  onLocal: (local: boolean | null) => void;
}

export function SideChoice({ local, onLocal }: SideProps) {
  return (
    <Choice
      label={hostStrings.sides}
      choices={SIDES}
      chosen={local === null ? "all" : local ? "local" : "remote"}
      onChoose={(side) => onLocal(side === "all" ? null : side === "local")}
    />
  );
}

interface ActiveProps {
  active: boolean;
  onActive: (active: boolean) => void;
}

/** All hosts, or those that speak. */
export function ActiveButton({ active, onActive }: ActiveProps) {
  return (
    <button
      type="button"
      aria-pressed={active}
      title={hostStrings.activeHint}
      className="button aria-pressed:border-accent aria-pressed:text-accent"
      onClick={() => onActive(!active)}
    >
      {hostStrings.active}
    </button>
  );
}

/** What a choice of no country is called inside the field: the codes of countries are never of one letter. */
const ANY = "*";

const NO_COUNTRIES: readonly CountrySums[] = [];

interface CountryProps {
  /** Blank for hosts of which none is known; `null` for all. */
  country: string | null;
  onCountry: (country: string | null) => void;
}

/** Hosts of one country, of those that there are. */
export function CountryChoice({ country, onCountry }: CountryProps) {
  const seen = useSession(({ places }) => places?.countries ?? NO_COUNTRIES);
  const options = countryOptions(seen, country);
  return (
    <select
      aria-label={hostStrings.country}
      className="field max-w-44 pr-1 text-fg-2 max-sm:max-w-28"
      value={country ?? ANY}
      onChange={({ target }) => onCountry(target.value === ANY ? null : target.value)}
    >
      <option value={ANY}>{hostStrings.anyCountry}</option>
      {options.map(({ code, label }) => (
        <option key={code} value={code}>
          {label}
        </option>
      ))}
      <option value="">{hostStrings.noCountry}</option>
    </select>
  );
}

/** The countries by name, each with its hosts; the one that is chosen is among them also where it has none. */
export function countryOptions(
  seen: readonly CountrySums[],
  chosen: string | null,
): { code: string; label: string }[] {
  const hosts = new Map(seen.map(({ country, sums }) => [country, sums.hosts]));
  if (chosen !== null && chosen !== "" && !hosts.has(chosen)) hosts.set(chosen, 0);
  return [...hosts]
    .map(([code, n]) => ({ code, label: hostStrings.countryOption(countryName(code), count(n)) }))
    .sort((one, other) => one.label.localeCompare(other.label, "en"));
}
