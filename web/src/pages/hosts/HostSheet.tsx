/** One host in full, beside the list: its facts, its course, and whom it has to do with. */

import { Link } from "@tanstack/react-router";
import { ArrowLeftRight, List, Map as MapSign } from "lucide-react";
import { CopyButton } from "../../components/CopyButton";
import { CountryFlag } from "../../components/CountryFlag";
import { Stranger } from "../../components/Stranger";
import type { HostDetail } from "../../generated/HostDetail";
import type { HostListed } from "../../generated/HostListed";
import { count } from "../../lib/format";
import { hostStrings } from "../../lib/host-strings";
import { bestName, placeKey } from "../../lib/places";
import { strings } from "../../lib/strings";
import { hostDetail } from "../../live/client";
import { useDetail } from "../parts/list/use-detail";
import { Note } from "../parts/Note";
import { Gone, Sheet } from "../parts/Sheet";
import { HostCourses } from "./HostCourses";
import { HostFacts } from "./HostFacts";
import { HostApps, HostFlows, HostPeers, HostProtocols, PlaceSaidTable } from "./HostTables";
import { LocalMark, ScopeMark } from "./Marks";

const { sheet } = hostStrings;

const addressOf = ({ listed }: HostDetail): string => listed.address;

interface Props {
  address: string;
  onClose: () => void;
  onOpen: (address: string) => void;
}

export function HostSheet({ address, onClose, onOpen }: Props) {
  const known = useDetail(address, hostDetail, addressOf);
  const { gone, problem, again } = known;
  // From host to host the one before stays until the next is there, but never under its name.
  const detail = known.detail?.listed.address === address ? known.detail : null;
  return (
    <Sheet
      label={sheet.label}
      closeLabel={sheet.close}
      onClose={onClose}
      title={<Title address={address} host={detail?.listed ?? null} />}
      summary={<WaysOn address={address} host={detail?.listed ?? null} />}
    >
      {problem !== null &&
        (gone ? (
          <Gone text={sheet.gone} hint={sheet.goneHint} />
        ) : (
          <div role="alert" className="rounded-md border border-line bg-panel p-3">
            <p className="wrap-anywhere font-medium">{problem}</p>
            <button type="button" className="button mt-2" onClick={again}>
              {strings.panel.retry}
            </button>
          </div>
        ))}
      {detail === null && problem === null && <Skeleton />}
      {detail !== null && (
        <>
          <HostFacts detail={detail} />
          <Kept detail={detail} />
          <HostCourses address={address} course={detail.course} />
          <HostPeers detail={detail} onOpen={onOpen} />
          <HostApps detail={detail} />
          <HostProtocols detail={detail} />
          <HostFlows detail={detail} />
          <PlaceSaidTable said={detail.said} />
        </>
      )}
    </Sheet>
  );
}

interface HostOf {
  address: string;
  /** `null` until it is there. */
  host: HostListed | null;
}

function Title({ address, host }: HostOf) {
  const name = host === null ? null : bestName(host);
  return (
    <>
      {host?.country != null && <CountryFlag code={host.country} doubt={host.doubt} className="mr-1" />}
      {host?.local === true && <LocalMark />}
      {name !== null && <Stranger name={name} />}
      <span className={`mono break-all ${name === null ? "" : "font-normal text-fg-2"}`}>{address}</span>
      {host !== null && <ScopeMark scope={host.scope} />}
    </>
  );
}

function WaysOn({ address, host }: HostOf) {
  const place = host === null || host.scope !== "global" ? null : placeKey(host);
  return (
    <span className="flex flex-wrap gap-2">
      <Link to="/live" search={{ filter: address }} className="button">
        <List size={14} aria-hidden="true" />
        {sheet.showPackets}
      </Link>
      <Link to="/flows" search={{ filter: address }} className="button">
        <ArrowLeftRight size={14} aria-hidden="true" />
        {sheet.showFlows}
      </Link>
      {place !== null && (
        <Link to="/map" search={{ sel: place }} className="button">
          <MapSign size={14} aria-hidden="true" />
          {sheet.showOnMap}
        </Link>
      )}
      <CopyButton text={() => address} label={strings.permission.copy} className="max-sm:hidden" />
    </span>
  );
}

/** Says where charts know less than the host's counts. */
function Kept({ detail: { listed, course } }: { detail: HostDetail }) {
  const all = listed.packets_in + listed.packets_out;
  if (course.packets === 0) return <Note text={sheet.noneKept} />;
  if (course.is_cut) return <Note text={sheet.cut(count(course.packets))} />;
  if (course.packets < all) return <Note text={sheet.notKept(count(course.packets), count(all))} />;
  return null;
}

function Skeleton() {
  return (
    <div aria-hidden="true" className="flex flex-col gap-3">
      <div className="skeleton h-32" />
      <div className="skeleton h-40" />
      <div className="skeleton h-56" />
    </div>
  );
}
