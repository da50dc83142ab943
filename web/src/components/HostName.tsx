/** What a host is called and its address; the address alone where nobody named it. */

import { Stranger } from "./Stranger";

interface Props {
  address: string;
  /** Its most trusted name. */
  name: string | null;
  /** Leaves the address out where there is a name: the pointer is told it. */
  short?: boolean;
}

/** Characters at the end of an address that always stay: neighbours of IPv6 differ nowhere else. */
const END = 9;

/** Characters of an address beside a name that there must be room for: all of IPv4, the network of IPv6. */
const LEAST = 15;
/** So that rounding cuts nothing. */
const SPARE = 0.5;

export function HostName({ address, name, short = false }: Props) {
  if (name === null) return <Address address={address} />;
  return (
    // An address for which there is no room goes to a second line that is out of sight: half of one says nothing.
    <span
      className="flex h-[1lh] min-w-0 flex-wrap items-baseline gap-x-1.5 overflow-hidden"
      title={`${name} ${address}`}
    >
      <Stranger name={name} className="max-w-full" />
      {!short && (
        <span
          className="mono min-w-0 grow truncate text-left text-fg-3 text-meta @max-md:hidden"
          style={{ flexBasis: `${Math.min(address.length, LEAST) + SPARE}ch` }}
        >
          {address}
        </span>
      )}
    </span>
  );
}

function Address({ address }: { address: string }) {
  return (
    <span className="mono flex min-w-0" title={address}>
      <span className="truncate">{address.slice(0, -END)}</span>
      <span className="shrink-0">{address.slice(-END)}</span>
    </span>
  );
}
