/** What stands over the list of flows: which ones. */

import { Choice } from "../../components/Choice";
import { flowStrings } from "../../lib/flow-strings";
import { useSession } from "../../live/session";

interface ScopeProps {
  active: boolean;
  onActive: (active: boolean) => void;
}

const SCOPES = [
  { value: "all", label: flowStrings.all },
  { value: "active", label: flowStrings.active, hint: flowStrings.activeHint },
] as const;

/** All flows, or those that speak. */
export function Scope({ active, onActive }: ScopeProps) {
  return (
    <Choice
      label={flowStrings.scope}
      choices={SCOPES}
      chosen={active ? "active" : "all"}
      onChoose={(scope) => onActive(scope === "active")}
    />
  );
}

interface ProtocolProps {
  protocol: string;
  onProtocol: (protocol: string) => void;
}

/** Flows of one protocol: the highest that was recognised, or what carries it. */
export function ProtocolChoice({ protocol, onProtocol }: ProtocolProps) {
  const seen = useSession((session) => session.protocols);
  const names = new Set(["TCP", "UDP", ...(seen?.protocols.map(({ name }) => name) ?? [])]);
  if (protocol !== "") names.add(protocol);
  return (
    <select
      aria-label={flowStrings.protocol}
      className="field max-w-36 pr-1 text-fg-2"
      value={protocol}
      onChange={(event) => onProtocol(event.target.value)}
    >
      <option value="">{flowStrings.anyProtocol}</option>
      {[...names].map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}
