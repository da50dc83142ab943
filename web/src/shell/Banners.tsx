/** What stands above a page only when there is something to say. */

import { Pause } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { dismissNotice, useControls } from "../capture/controls";
import { PermissionCommand } from "../capture/Permission";
import { count, share, timeOfDay } from "../lib/format";
import { strings } from "../lib/strings";
import { retryNow } from "../live/client";
import { model } from "../live/model";
import { useSession } from "../live/session";
import { spanText } from "../range/label";
import { backToLive, shownSpan, useRange } from "../range/store";
import { Banner, BannerAction } from "./Banner";
import { DemoBanner } from "./DemoBanner";

export function Banners() {
  return (
    <>
      <Lost />
      <Failed />
      <Notice />
      <Sending />
      <File />
      <DemoBanner />
      <Drops />
      <Paused />
      <Malformed />
    </>
  );
}

/** While connecting again after a loss the banner stays, so that nothing jumps. */
function Lost() {
  const connection = useSession((session) => session.connection);
  const status = useSession((session) => session.status);
  const heard_at_ms = useSession((session) => session.heard_at_ms);
  const wasOpen = useRef(false);
  if (connection.state === "open") wasOpen.current = true;
  const closed = connection.state === "closed";
  if (!closed && !(connection.state === "connecting" && (wasOpen.current || status !== null))) return null;
  return (
    <Banner tone="warn" role="alert">
      <span className="font-medium">{strings.banner.lost}</span>
      {heard_at_ms !== null && <span>{strings.banner.lostAsOf(timeOfDay(heard_at_ms))}</span>}
      <span aria-live="off" className="text-fg-2">
        {closed ? <Countdown until_ms={connection.retry_at_ms} /> : strings.banner.retrying}
      </span>
      {closed && <BannerAction onClick={retryNow}>{strings.banner.retryNow}</BannerAction>}
    </Banner>
  );
}

const COUNTDOWN_STEP_MS = 200;

function Countdown({ until_ms }: { until_ms: number }) {
  const [now_ms, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), COUNTDOWN_STEP_MS);
    return () => clearInterval(timer);
  }, []);
  return <>{strings.banner.retryIn((Math.max(0, until_ms - now_ms) / 1000).toFixed(1))}</>;
}

function Failed() {
  const status = useSession((session) => session.status);
  if (status?.problem == null) return null;
  const failed = status.state === "failed";
  const words =
    status.state === "running"
      ? strings.banner.waiting
      : failed
        ? strings.banner.failed
        : strings.banner.problem;
  return (
    <Banner tone={failed ? "crit" : "warn"} role="alert">
      {words(status.problem)}
    </Banner>
  );
}

function Notice() {
  const notice = useControls((controls) => controls.notice);
  if (notice === null) return null;
  return (
    <Banner tone="warn" role="alert">
      <span>{notice.reason}</span>
      {notice.code === "no_permission" && <PermissionCommand problem={notice.reason} />}
      <BannerAction onClick={dismissNotice}>{strings.capture.dismiss}</BannerAction>
    </Banner>
  );
}

function Sending() {
  const sending = useControls((controls) => controls.sending);
  if (sending === null) return null;
  const label = strings.capture.uploading(sending.name);
  return (
    <Banner tone="none">
      <span>{label}</span>
      <progress value={sending.ratio} aria-label={label} className="h-1.5 w-40 accent-accent" />
      <span className="text-fg-2">{share(sending.ratio)}</span>
      <BannerAction onClick={sending.cancel}>{strings.capture.cancel}</BannerAction>
    </Banner>
  );
}

function File() {
  const source = useSession((session) => session.status?.source ?? null);
  const running = useSession((session) => session.status?.state === "running");
  if (source?.kind !== "file") return null;
  const progress = source.progress_percentage;
  return (
    <Banner tone="none">
      <span>{strings.banner.file(source.name)}</span>
      {running && progress !== null && (
        <span className="text-fg-2">{strings.banner.fileProgress(share(progress / 100))}</span>
      )}
    </Banner>
  );
}

function Drops() {
  const drops = useSession((session) => session.totals?.traffic.kernel_drops ?? null);
  if (drops === null || drops === 0) return null;
  return (
    <Banner tone="warn" role="alert">
      {/* The number grows with every update: said once, not at every change. */}
      <span aria-live="off">{strings.banner.drops(count(drops))}</span>
    </Banner>
  );
}

const COUNT_EVERY_MS = 500;

function Paused() {
  const paused = useSession((session) => session.pausedAtPackets);
  // Another range shows another span; while the view is paused nothing else does.
  useRange((state) => state.range);
  const kind = useSession((session) => session.status?.source?.kind ?? "interface");
  const running = useSession(
    (session) => session.status?.state === "running" && session.connection.state === "open",
  );
  const [waiting, setWaiting] = useState(0);
  useEffect(() => {
    if (paused === null) return;
    const look = () => setWaiting((model.latest.totals?.traffic.packets ?? paused) - paused);
    look();
    const timer = setInterval(look, COUNT_EVERY_MS);
    return () => clearInterval(timer);
  }, [paused]);
  if (paused === null) return null;
  return (
    <Banner tone="none">
      <Pause size={13} aria-hidden="true" className="text-accent" />
      <span className="font-medium">
        {running || waiting > 0 ? strings.view.paused(count(waiting)) : strings.view.pausedStill}
      </span>
      <span className="text-fg-2">
        {strings.view.pausedAt(spanText(shownSpan()))} {running && strings.view.goesOn[kind]}
      </span>
      <BannerAction onClick={backToLive}>{strings.view.resume}</BannerAction>
    </Banner>
  );
}

function Malformed() {
  const malformed = useSession((session) => session.malformed);
  if (malformed === null) return null;
  return (
    <Banner tone="warn">
      <span className="break-all">{strings.banner.unreadable(malformed)}</span>
      <BannerAction onClick={() => useSession.setState({ malformed: null })}>
        {strings.capture.dismiss}
      </BannerAction>
    </Banner>
  );
}
