/** Who may be asked about addresses over the network: what they would be sent, before anything is. */

import { ChevronDown, ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { OnOff } from "../../components/OnOff";
import { Stranger } from "../../components/Stranger";
import type { Here } from "../../generated/Here";
import type { Lookup } from "../../generated/Lookup";
import type { PlaceDatabase } from "../../generated/PlaceDatabase";
import type { PlacesTopic } from "../../generated/PlacesTopic";
import { count } from "../../lib/format";
import { hostStrings } from "../../lib/host-strings";
import { placeStrings } from "../../lib/place-strings";
import { countryName } from "../../lib/places";
import { reasonOf, setLookups } from "../../live/client";
import { Fact, Facts } from "../parts/Fact";

const { lookups: words } = hostStrings;

type Name = "reverse_dns" | "ip_api";

const NAMES: Record<Name, string> = { reverse_dns: words.reverseDns, ip_api: words.ipApi };

export function LookupsPanel({ places }: { places: PlacesTopic }) {
  const [open, setOpen] = useState(false);
  const bodyId = useId();
  const { lookups } = places;
  const Arrow = open ? ChevronDown : ChevronRight;
  const told = (name: Name) => words.state(NAMES[name], lookups[name].on ? words.on : words.off);
  return (
    <section aria-label={words.title} className="panel flex max-h-[50vh] flex-col">
      <h2 className="shrink-0">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={bodyId}
          className="flex min-h-8 w-full flex-wrap items-center gap-x-2 px-3 py-1 text-left hover:text-fg"
          onClick={() => setOpen(!open)}
        >
          <Arrow size={14} aria-hidden="true" className="text-fg-3" />
          <span className="font-semibold text-fg-2">{words.title}</span>
          <span className="text-fg-3">
            {told("reverse_dns")}, {told("ip_api")}
          </span>
        </button>
      </h2>
      <div id={bodyId} hidden={!open} className="flex min-h-0 flex-col gap-3 overflow-auto px-3 pb-3">
        <p className="text-fg-3">{words.never}</p>
        <div className="grid gap-x-8 gap-y-3 lg:grid-cols-2">
          <Asked name="reverse_dns" lookup={lookups.reverse_dns} />
          <Asked name="ip_api" lookup={lookups.ip_api} />
        </div>
        <KnownBy here={places.here} databases={places.databases} />
      </div>
    </section>
  );
}

/** What is sent to whom, also where that company cannot be asked at the moment. */
function whatIsSent(name: Name, servers: readonly string[]): string {
  const all = servers.join(", ");
  if (name === "ip_api") return words.sentToCompany(all === "" ? words.ipApi : all);
  return all === "" ? words.noServers : words.sentTo(all);
}

function Asked({ name, lookup }: { name: Name; lookup: Lookup }) {
  const { busy, problem, turn } = useTurn(name);
  const hintId = useId();
  const used = lookup.on || lookup.asked > 0;
  return (
    <div className="flex items-start gap-3">
      <OnOff
        aria-label={words.turnOn(NAMES[name])}
        aria-describedby={hintId}
        checked={lookup.on}
        // Where nobody can be asked it can still be turned off.
        disabled={busy || (!lookup.on && lookup.servers.length === 0)}
        onCheckedChange={(on) => void turn(on)}
        className="mt-0.5"
      />
      <div className="min-w-0">
        <div className="font-medium">{NAMES[name]}</div>
        <div id={hintId}>
          <p className="text-fg-2">{name === "ip_api" ? words.ipApiIs : words.reverseDnsIs}</p>
          <p className="wrap-anywhere text-fg-2">{whatIsSent(name, lookup.servers)}</p>
        </div>
        {name === "ip_api" && lookup.servers.length === 0 && <p className="text-fg-3">{words.cannot}</p>}
        {used && (
          <dl className="flex flex-wrap gap-x-4 text-fg-3">
            <Counter label={words.asked} value={lookup.asked} />
            <Counter label={words.answered} value={lookup.answered} />
            <Counter label={words.failed} value={lookup.failed} />
            <Counter label={words.pending} value={lookup.waiting} />
          </dl>
        )}
        {lookup.problem !== null && <p className="wrap-anywhere text-warn">{lookup.problem}</p>}
        {problem !== null && (
          <p role="alert" className="wrap-anywhere text-crit">
            {problem}
          </p>
        )}
      </div>
    </div>
  );
}

function Counter({ label, value }: { label: string; value: number }) {
  return (
    <div className="flex gap-1.5">
      <dt>{label}</dt>
      <dd className="text-fg-2">{count(value)}</dd>
    </div>
  );
}

/** The answer shows in the state of the look-ups, which the program sends to everybody. */
function useTurn(name: Name) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const turn = async (on: boolean) => {
    setBusy(true);
    setProblem(null);
    try {
      await setLookups({ reverse_dns: null, ip_api: null, [name]: on });
    } catch (error) {
      setProblem(reasonOf(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, turn };
}

/** What places are known by without asking anybody, and from where distances are judged. */
function KnownBy({ here, databases }: { here: Here | null; databases: readonly PlaceDatabase[] }) {
  return (
    <Facts>
      {databases.length > 0 && (
        <Fact label={words.sources} wide>
          <ul>
            {databases.map((database) => (
              <li key={`${database.file} ${database.kind}`} className="flex flex-wrap items-baseline gap-x-2">
                <Stranger name={database.file ?? words.builtIn} />
                <span className="text-fg-3">
                  <bdi>{database.kind}</bdi>
                  {database.built !== null && `, ${words.made(database.built.slice(0, "2026-01-31".length))}`}
                </span>
                {database.problem !== null && (
                  <span className="wrap-anywhere text-warn">{words.unreadable(database.problem)}</span>
                )}
              </li>
            ))}
          </ul>
        </Fact>
      )}
      <Fact label={words.here} wide>
        {here === null ? words.hereUnknown : hereText(here)}
      </Fact>
    </Facts>
  );
}

function hereText({ country, latitude, longitude, source }: Here): string {
  const place = country === null ? `${latitude.toFixed(1)}°, ${longitude.toFixed(1)}°` : countryName(country);
  return words.hereText(place, placeStrings.hereSources[source]);
}
