/** Why a flow has its label: everything known of who it is with, strongest first, and what each is worth. */

import { Check, CircleSlash, Equal, type LucideIcon, Tag, Truck, X } from "lucide-react";
import { Term } from "../../components/Term";
import type { EvidenceLink } from "../../generated/EvidenceLink";
import type { EvidenceVerdict } from "../../generated/EvidenceVerdict";
import type { FlowDetail } from "../../generated/FlowDetail";
import type { FlowListed } from "../../generated/FlowListed";
import { appStrings } from "../../lib/app-strings";
import { durationText } from "../../lib/format";

const { why } = appStrings;

/** The sign says as much as the colour. */
const VERDICTS: Record<EvidenceVerdict, { Icon: LucideIcon; color: string }> = {
  decides: { Icon: Check, color: "var(--ok)" },
  agrees: { Icon: Equal, color: "var(--ok)" },
  overruled: { Icon: X, color: "var(--warn)" },
  only_carrier: { Icon: Truck, color: "var(--fg-3)" },
  not_in_catalogue: { Icon: CircleSlash, color: "var(--fg-3)" },
};

interface Props {
  detail: FlowDetail;
  /** Asked for a label by hand. */
  onLabel: (flow: FlowListed) => void;
}

export function EvidenceChain({ detail: { listed, evidence }, onLabel }: Props) {
  return (
    <section aria-label={why.title} className="panel px-3 py-2 text-table">
      <header className="flex items-center">
        <h3 className="font-semibold text-fg-2">{why.title}</h3>
        <button type="button" className="button ml-auto h-7!" onClick={() => onLabel(listed)}>
          <Tag size={13} aria-hidden="true" />
          {why.label}
        </button>
      </header>
      {evidence.length === 0 ? (
        <p className="text-fg-3">{why.none}</p>
      ) : (
        <ol className="mt-1">
          {evidence.map((link, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a link is its place in the chain
            <Link key={place} link={link} began={listed.first_seen} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Link({ link, began }: { link: EvidenceLink; began: string | null }) {
  const { kind, value, rule, app, verdict } = link;
  const { Icon, color } = VERDICTS[verdict];
  const age = ageText(link.learned_at, began);
  // A rule for an address or a port is its own evidence, which stands in the line above.
  const fitting = rule === value ? null : rule;
  return (
    <li className="flex flex-wrap items-center gap-x-2 border-line border-t py-1 first:border-t-0">
      <Term label={appStrings.kinds[kind]} hint={appStrings.kindHints[kind]} />
      {value !== null && <bdi className="mono wrap-anywhere min-w-0">{value}</bdi>}
      <span className="ml-auto inline-flex items-center gap-1.5 whitespace-nowrap">
        <Icon size={13} color={color} aria-hidden="true" />
        <Term label={appStrings.verdicts[verdict]} hint={appStrings.verdictHints[verdict]} />
      </span>
      <span className="wrap-anywhere basis-full text-fg-3">
        {app !== null && (
          <>
            <bdi className="text-fg-2">{why.speaksFor(app)}</bdi>
            {(fitting !== null || age !== null) && ", "}
          </>
        )}
        {fitting !== null && (
          <>
            <bdi>{why.fits(fitting)}</bdi>
            {age !== null && ", "}
          </>
        )}
        {age}
      </span>
    </li>
  );
}

/** When it was learned, as seen from the flow's first packet; `null` where one of the two has no time. */
export function ageText(learned: string | null, began: string | null): string | null {
  if (learned === null || began === null) return null;
  const after_ms = Date.parse(learned) - Date.parse(began);
  if (!Number.isFinite(after_ms)) return null;
  if (after_ms === 0) return why.atOnce;
  const length = durationText(Math.abs(after_ms) / 1000);
  return after_ms < 0 ? why.before(length) : why.after(length);
}
