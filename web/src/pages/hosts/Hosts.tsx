/** The hosts: who takes part, what they are called, where they are; one of them in full beside the list. */

import { useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { Boundary } from "../../components/Boundary";
import { PlaceCredits } from "../../components/PlaceCredits";
import type { HostListed } from "../../generated/HostListed";
import { hostStrings } from "../../lib/host-strings";
import { strings } from "../../lib/strings";
import { useAnotherSession } from "../../live/another-session";
import { findHosts } from "../../live/client";
import { useSession } from "../../live/session";
import { useTitle } from "../../live/title";
import { AppChip } from "../parts/AppChip";
import { ListPage } from "../parts/list/ListPage";
import { rowsForFile } from "../parts/list/row-list";
import { useChange } from "../parts/use-change";
import { type HostsSearch, hostsSearch, USUAL_SORT } from "./address";
import { besideSheet, COLUMNS, chosenColumns, fileColumns, type ListColumn } from "./columns";
import { HostCell } from "./HostCell";
import { HostSheet } from "./HostSheet";
import { ActiveButton, CountryChoice, SideChoice } from "./HostTools";
import { addressOf, HostList, type HostOrder } from "./host-list";
import { LookupsPanel } from "./LookupsPanel";
import { NoHosts } from "./NoHosts";

export function Hosts() {
  const session = useSession((state) => state.status?.session ?? 0);
  const places = useSession((state) => state.places);
  const change = useChange("/hosts", hostsSearch);
  useAnotherSession(useCallback(() => change({ sel: undefined }, "replace"), [change]));
  useTitle(strings.pages.hosts);
  return (
    <div className="flex h-full flex-col gap-2">
      <h1 className="sr-only">{strings.pages.hosts}</h1>
      {/* Where the window is low the page scrolls: the list keeps its tools and at least eight rows. */}
      <div className="flex min-h-[416px] flex-1 flex-col">
        <Boundary>
          {/* Another session is another list: nothing of the one before may be left. */}
          <List key={session} />
        </Boundary>
      </div>
      {places !== null && (
        <Boundary>
          <LookupsPanel places={places} />
        </Boundary>
      )}
      <PlaceCredits className="px-3" />
    </div>
  );
}

function List() {
  const search = useSearch({ from: "/hosts", select: readSearch, structuralSharing: true });
  const change = useChange("/hosts", hostsSearch);
  const order = useOrder(search);
  // A peer is another host and not the next row: back leads to the one it was found in.
  const goTo = useCallback((sel: string) => change({ sel }), [change]);
  const filtered = isFiltered(order);
  return (
    <ListPage
      name="host"
      words={hostStrings}
      search={search}
      change={change}
      order={order}
      filtered={filtered}
      byLink={filtered}
      make={makeList}
      columns={COLUMNS_OF_HOSTS}
      cell={showCell}
      rows={() => rowsForFile(order, findHosts, addressOf)}
      choices={
        <>
          {order.app !== null && (
            <AppChip
              label={hostStrings.ofApp(order.app)}
              removeLabel={hostStrings.allApps}
              onRemove={() => change({ app: undefined })}
            />
          )}
          <SideChoice local={order.local} onLocal={(local) => change({ local: local ?? undefined })} />
          <CountryChoice
            country={order.country}
            onCountry={(country) => change({ country: country ?? undefined })}
          />
          <ActiveButton
            active={order.active}
            onActive={(active) => change({ active: active ? true : undefined })}
          />
        </>
      }
      empty={(list) => <NoHosts list={list} order={order} onClear={() => change(NO_FILTER)} />}
      sheet={(address, close) => <HostSheet address={address} onClose={close} onOpen={goTo} />}
    />
  );
}

const NO_FILTER = {
  filter: undefined,
  local: undefined,
  country: undefined,
  app: undefined,
  active: undefined,
};

const COLUMNS_OF_HOSTS = { all: COLUMNS, chosen: chosenColumns, besideSheet, ofFile: fileColumns };

function makeList(changed: () => void): HostList {
  return new HostList(findHosts, changed);
}

function showCell(column: ListColumn, host: HostListed) {
  return <HostCell column={column} host={host} />;
}

/** The router hands on what the address holds, also what was left out at its door. */
function readSearch(search: HostsSearch): HostsSearch {
  return hostsSearch({ ...search });
}

function isFiltered({ text, local, country, app, active }: HostOrder): boolean {
  return text !== null || local !== null || country !== null || app !== null || active;
}

function useOrder({ sort, rising, filter, local, country, app, active }: HostsSearch): HostOrder {
  return useMemo(
    () => ({
      sort: sort ?? USUAL_SORT,
      descending: rising !== true,
      text: filter ?? null,
      local: local ?? null,
      country: country ?? null,
      app: app ?? null,
      active: active === true,
    }),
    [sort, rising, filter, local, country, app, active],
  );
}
