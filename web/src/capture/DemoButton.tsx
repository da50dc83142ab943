/** The way to a living dashboard that needs no right, no traffic and no file. */

import { CirclePlay } from "lucide-react";
import { strings } from "../lib/strings";
import { useSession } from "../live/session";
import { showDemo, useControls } from "./controls";

interface Props {
  /** Whether it is what the page wants of the person in front. */
  primary?: boolean;
  className?: string;
}

export function DemoButton({ primary = false, className = "" }: Props) {
  const pending = useControls((controls) => controls.pending);
  const summarizing = useSession((session) => session.status?.summarizing ?? false);
  return (
    <button
      type="button"
      className={`button ${primary ? "button-primary" : ""} ${className}`}
      disabled={pending || summarizing}
      title={summarizing ? strings.capture.summarizing : undefined}
      onClick={showDemo}
    >
      <CirclePlay size={14} aria-hidden="true" />
      {strings.demo.show}
    </button>
  );
}
