/** What a host is called and its address; the address alone where nobody named it. */

import type { ReactNode } from "react";
import { Stranger } from "./Stranger";

interface Props {
  address: string;
  /** Its most trusted name. */
  name: string | null;
  /** A mark at the end, which is the first to go where there is no room. */
  children?: ReactNode;
}

/** Characters at the end of an address that always stay: neighbours of IPv6 differ nowhere else. */
const END = 9;

/** Characters of an address beside a name that there must be room for: all of IPv4, the network of IPv6. */
const LEAST = 15;
/** So that rounding cuts nothing. */
const SPARE = 0.5;

export function HostName({ address, name, children }: Props) {
  const least = `${Math.min(address.length, LEAST) + SPARE}ch`;
  return (
    // What there is no room for goes to a second line that is out of sight: half of an address says nothing.
    <span
      className="flex h-[1lh] min-w-0 grow flex-wrap items-baseline gap-x-1.5 overflow-clip"
      title={name === null ? address : `${name} ${address}`}
    >
      {name === null ? (
        <Address address={address} />
      ) : (
        <>
          <Stranger name={name} className="max-w-full" />
          <span
            className="mono grow truncate text-left text-fg-3 text-meta @max-md:hidden"
            // Where the line is as wide as its words, the spare is counted only if it is a part of the least width.
            style={{ flexBasis: least, minWidth: least }}
          >
            {address}
          </span>
        </>
      )}
      {children}
    </span>
  );
}

function Address({ address }: { address: string }) {
  return (
    <span className="mono flex min-w-0 max-w-full">
      {/* An empty part would have no line to stand on. */}
      {address.length > END && <span className="truncate">{address.slice(0, -END)}</span>}
      <span className="shrink-0">{address.slice(-END)}</span>
    </span>
  );
}
