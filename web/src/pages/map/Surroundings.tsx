/** Beside the map: the countries in order, and what is on no map. */

import { Link } from "@tanstack/react-router";
import { Flag } from "../../components/CountryFlag";
import { Panel } from "../../components/Panel";
import type { HostGroup } from "../../generated/HostGroup";
import type { PlacesTopic } from "../../generated/PlacesTopic";
import { byteCountText, count, share } from "../../lib/format";
import { mapStrings } from "../../lib/map-strings";
import { countryName } from "../../lib/places";
import type { CountryAmount, Measure } from "./spots";
import { countriesTable } from "./table";

interface Props {
  topic: PlacesTopic;
  /** The largest first. */
  countries: readonly CountryAmount[];
  by: Measure;
  /** What is looked at; `null`: all. */
  category: string | null;
}

const SHOWN = 12;

export function Surroundings({ topic, countries, by, category }: Props) {
  const whole = countries.reduce((all, { amount }) => all + amount, 0);
  const most = countries[0]?.amount ?? 0;
  const text = by === "flows" ? count : byteCountText;
  return (
    <Panel
      title={mapStrings.countries}
      meta={by === "flows" ? mapStrings.measures.flows : mapStrings.measures.bytes}
      className="flex-1"
      table={countriesTable(countries, by)}
    >
      {countries.length === 0 && <p className="px-3 pb-2 text-fg-3">{mapStrings.noCountries}</p>}
      <ol className="flex flex-col gap-0.5 px-2 pb-2 text-table">
        {countries.slice(0, SHOWN).map(({ country, amount, doubtful }) => (
          <li key={country}>
            <Link
              to="/hosts"
              search={{ country }}
              className="block rounded px-1 py-0.5 hover:bg-raised"
              title={mapStrings.ofCountry(countryName(country))}
            >
              <CountryRow of={{ country, amount, doubtful }} whole={whole} most={most} text={text} />
            </Link>
          </li>
        ))}
      </ol>
      {countries.length > SHOWN && (
        <p className="px-3 pb-2 text-fg-3 text-meta">
          {mapStrings.countriesMore(count(countries.length - SHOWN))}
        </p>
      )}
      {category !== null && (
        <p className="mt-auto border-line border-t px-3 pt-2 text-fg-3 text-meta">
          {mapStrings.allCategories}
        </p>
      )}
      <dl className={`px-3 py-2 text-table ${category === null ? "mt-auto border-line border-t" : ""}`}>
        <Elsewhere label={mapStrings.unknown} hint={mapStrings.unknownHint} group={topic.unknown} by={by} />
        <Elsewhere
          label={mapStrings.notGlobal}
          hint={mapStrings.notGlobalHint}
          group={topic.not_global}
          by={by}
        />
      </dl>
    </Panel>
  );
}

interface RowProps {
  of: CountryAmount;
  /** Of all countries. */
  whole: number;
  /** Of the largest. */
  most: number;
  text: (amount: number) => string;
}

/** A country with its bar, and how much of it is not there. */
export function CountryRow({ of: { country, amount, doubtful }, whole, most, text }: RowProps) {
  return (
    <>
      <span className="flex min-h-5 items-center gap-2">
        <Flag code={country} />
        <span className="min-w-0 truncate font-medium">{countryName(country)}</span>
        <span className="ml-auto text-fg-2">{share(whole === 0 ? null : amount / whole)}</span>
        <span className="min-w-16 text-right text-fg-3">{text(amount)}</span>
      </span>
      <CountryBar amount={amount} doubtful={doubtful} most={most} />
      {doubtful > 0 && (
        <span className="mt-0.5 block text-fg-3 text-meta">
          {mapStrings.notThere}: {text(doubtful)}
        </span>
      )}
    </>
  );
}

/** What is not there is a part of the bar that is not filled. */
function CountryBar({ amount, doubtful, most }: Omit<CountryAmount, "country"> & { most: number }) {
  const width = (part: number) => `${most === 0 ? 0 : (part / most) * 100}%`;
  return (
    <span className="mt-0.5 flex h-1.5 overflow-hidden rounded-xs bg-raised" aria-hidden="true">
      <i className="swatch h-full bg-accent" style={{ width: width(amount - doubtful) }} />
      <i
        className="h-full border border-fg-3 border-dashed"
        style={{ width: width(doubtful) }}
        hidden={doubtful === 0}
      />
    </span>
  );
}

interface ElsewhereProps {
  label: string;
  hint: string;
  group: HostGroup;
  by: Measure;
}

/** Hosts that are on no map. */
function Elsewhere({ label, hint, group, by }: ElsewhereProps) {
  const amount = by === "flows" ? count(group.flows) : byteCountText(group.bytes_from + group.bytes_to);
  return (
    <div className="flex min-h-6 items-center gap-2" title={hint}>
      <dt className="text-fg-2">{label}</dt>
      <dd className="ml-auto text-fg-2">{mapStrings.hosts(count(group.hosts))}</dd>
      <dd className="min-w-16 text-right text-fg-3">{amount}</dd>
    </div>
  );
}
