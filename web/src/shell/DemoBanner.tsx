/** Says, as long as its numbers are on the screen, that the demo's traffic is made up, and leads out of it. */

import { useNavigate } from "@tanstack/react-router";
import { CirclePlay } from "lucide-react";
import { isBusy, leaveSource, showDemo, stop, useControls } from "../capture/controls";
import { strings } from "../lib/strings";
import { useSession } from "../live/session";
import { Banner, BannerAction } from "./Banner";

export function DemoBanner() {
  const status = useSession((session) => session.status);
  const connected = useSession((session) => session.connection.state === "open");
  const pending = useControls((controls) => controls.pending);
  const navigate = useNavigate();
  if (status?.source?.kind !== "demo") return null;
  const busy = isBusy(status);
  const held = pending || !connected || status.state === "stopping" || status.summarizing;
  const reason = status.summarizing ? strings.capture.summarizing : undefined;
  const choose = () => {
    leaveSource();
    void navigate({ to: "/", search: {} });
  };
  return (
    <Banner tone="none">
      <CirclePlay size={14} aria-hidden="true" className="shrink-0 text-accent" />
      <span className="min-w-0 flex-1 basis-48">{busy ? strings.demo.playing : strings.demo.stopped}</span>
      <span className="flex flex-wrap gap-x-4 max-sm:pl-[26px]">
        <BannerAction disabled={held} title={reason} onClick={busy ? stop : showDemo}>
          {busy ? strings.demo.stop : strings.demo.again}
        </BannerAction>
        <BannerAction disabled={held} title={reason} onClick={choose}>
          {strings.demo.leave}
        </BannerAction>
      </span>
    </Banner>
  );
}
