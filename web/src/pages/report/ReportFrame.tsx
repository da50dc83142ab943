/** The document in a frame of its own, as high as it is: what the page prints is this, and nothing around it. */

import { useRouter } from "@tanstack/react-router";
import { type RefObject, useEffect, useState } from "react";
import { saidStrings } from "../../lib/said-strings";
import { fitHeight, followLinks, problemOf, REPORT_ADDRESS } from "./document";

const { report: words } = saidStrings;

/** About a page of A4: less would make the page jump when the document comes. */
const FIRST_HEIGHT_PX = 1_100;

interface Props {
  frame: RefObject<HTMLIFrameElement | null>;
  /** Where another one stands, the document is read anew. */
  version: string;
  onLoad: (problem: string | null) => void;
}

export function ReportFrame({ frame, version, onLoad }: Props) {
  const router = useRouter();
  const [height, setHeight] = useState(FIRST_HEIGHT_PX);
  const [loads, setLoads] = useState(0);
  useEffect(() => {
    if (frame.current === null || loads === 0) return;
    const endFit = fitHeight(frame.current, setHeight);
    const endLinks = followLinks(frame.current, (href) => void router.navigate({ href }));
    return () => {
      endFit();
      endLinks();
    };
  }, [loads, frame, router]);
  useReadAgain(frame, version);
  return (
    <iframe
      ref={frame}
      src={REPORT_ADDRESS}
      title={words.document}
      // No script is in it, and none would run: strangers have named hosts and files in it.
      // Links to whom licences ask to be named open beside it.
      sandbox="allow-same-origin allow-modals allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
      className="block w-full rounded-lg border border-line bg-white"
      style={{ height }}
      onLoad={({ currentTarget }) => {
        setLoads((times) => times + 1);
        onLoad(problemOf(currentTarget, words.failed));
      }}
    />
  );
}

/** Reads the document anew when `version` changes; the old one stays until the new one is there. */
function useReadAgain(frame: RefObject<HTMLIFrameElement | null>, version: string): void {
  const [read, setRead] = useState(version);
  useEffect(() => {
    if (read === version || frame.current === null) return;
    setRead(version);
    frame.current.src = REPORT_ADDRESS;
  }, [frame, read, version]);
}
