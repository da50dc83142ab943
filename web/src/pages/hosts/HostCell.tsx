/** What the list shows of one host. */

import { CountryFlag } from "../../components/CountryFlag";
import { HostName } from "../../components/HostName";
import { PlaceName } from "../../components/PlaceName";
import type { HostListed } from "../../generated/HostListed";
import { bestName, placeText } from "../../lib/places";
import { NameCell, PlainCell, RecentCell } from "../parts/list/cells";
import type { ListColumn } from "./columns";
import { LocalMark, ScopeMark } from "./Marks";

export function HostCell({ column, host }: { column: ListColumn; host: HostListed }) {
  switch (column.id) {
    case "host":
      return (
        <span className="flex items-center gap-1.5">
          {/* Of one width, so that names stand under each other. */}
          <span className="flex w-11 shrink-0 items-center">
            {host.country !== null && <CountryFlag code={host.country} doubt={host.doubt} />}
            {host.country === null && host.local && <LocalMark />}
          </span>
          <HostName address={host.address} name={bestName(host)}>
            <ScopeMark scope={host.scope} />
          </HostName>
          {host.country !== null && host.local && <LocalMark />}
        </span>
      );
    case "country":
      if (host.country === null) return <PlainCell text={column.text(host)} />;
      return <CountryFlag code={host.country} text="name" doubt={host.doubt} className="max-w-full" />;
    case "place":
      if (placeText(host) === null) return <NameCell name={null} />;
      return (
        <span className="block truncate" title={placeText(host) ?? undefined}>
          <PlaceName place={host} />
        </span>
      );
    case "name":
    case "organization":
    case "apps":
    case "doubt": {
      const { cell } = column;
      const told = cell(host);
      return <NameCell name={typeof told === "string" ? told : null} />;
    }
    case "address":
      return <HostName address={host.address} name={null} />;
    case "recent":
      return <RecentCell recent_bps={host.recent_bps} text={column.text(host)} />;
    default:
      return <PlainCell text={column.text(host)} />;
  }
}
