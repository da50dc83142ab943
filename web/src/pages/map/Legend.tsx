/** What the marks mean, and how the map is moved. */

import type { Here } from "../../generated/Here";
import { mapStrings } from "../../lib/map-strings";
import { placeStrings } from "../../lib/place-strings";
import { countryName } from "../../lib/places";

/** Of which no more than the country is known, the house stands in its middle only for want of more. */
function hereText({ country, source }: Here): string {
  const by = placeStrings.hereSources[source];
  return country === null ? mapStrings.here(by) : mapStrings.hereCountry(countryName(country), by);
}

export function Legend({ here }: { here: Here | null }) {
  const { legend } = mapStrings;
  return (
    <div className="flex flex-col gap-1 px-3 pt-1 pb-2 text-fg-3 text-meta">
      <ul aria-label={legend.label} className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <li className="inline-flex items-center gap-1.5">
          <svg width="12" height="12" aria-hidden="true">
            <circle cx="6" cy="6" r="4.5" fill="var(--accent)" />
          </svg>
          {legend.city}
        </li>
        <li className="inline-flex items-center gap-1.5">
          <svg width="16" height="16" aria-hidden="true">
            <circle cx="8" cy="8" r="7.5" fill="var(--accent)" />
            <text x="8" y="11.5" textAnchor="middle" fontSize="10" fontWeight="600" fill="var(--accent-fg)">
              2
            </text>
          </svg>
          {legend.group}
        </li>
        <li className="inline-flex items-center gap-1.5">
          <svg width="16" height="12" aria-hidden="true">
            <rect
              x="0.5"
              y="1.5"
              width="15"
              height="9"
              rx="2"
              fill="var(--accent)"
              fillOpacity="0.3"
              stroke="var(--accent)"
              strokeOpacity="0.6"
            />
            <rect x="5.5" y="3.5" width="5" height="5" fill="var(--accent)" />
          </svg>
          {legend.country}
        </li>
        <li className="inline-flex items-center gap-1.5">
          <svg width="12" height="12" aria-hidden="true">
            <circle
              cx="6"
              cy="6"
              r="4.5"
              fill="none"
              stroke="var(--fg-2)"
              strokeWidth="1.3"
              strokeDasharray="2.6 2"
            />
          </svg>
          {legend.notThere}
        </li>
        {here !== null && (
          <li className="inline-flex items-center gap-1.5">
            <svg width="12" height="12" viewBox="-8 -8 16 16" aria-hidden="true">
              <path d="M0-7.500 7.500-.500H5V6H-5V-.500H-7.500Z" fill="var(--fg)" />
            </svg>
            {hereText(here)}
          </li>
        )}
        <li className="ml-auto max-sm:hidden">{mapStrings.gestures}</li>
      </ul>
      {here === null && (
        <p>
          {mapStrings.noHere}{" "}
          <code className="mono whitespace-nowrap text-fg-2">{mapStrings.noHereOption}</code>{" "}
          {mapStrings.noHereOr}{" "}
          <code className="mono whitespace-nowrap text-fg-2">{mapStrings.noHerePoint}</code>.
        </p>
      )}
    </div>
  );
}
