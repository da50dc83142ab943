/** Opening a capture file: a button, and the whole page as a place to drop one. */

import { FolderOpen } from "lucide-react";
import { useEffect, useState } from "react";
import { strings } from "../lib/strings";
import { open } from "./controls";

const KINDS = ".pcap,.pcapng,.cap,.gz,.zst";

/** Asks the person for a file, and opens it. */
export function chooseFile(): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = KINDS;
  input.onchange = () => {
    const file = input.files?.[0];
    if (file !== undefined) open(file);
  };
  input.click();
}

export function OpenCapture({ className = "" }: { className?: string }) {
  return (
    <button type="button" className={`button ${className}`} onClick={chooseFile}>
      <FolderOpen size={14} aria-hidden="true" />
      {strings.capture.open}
    </button>
  );
}

function bringsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** Takes a file that is dropped anywhere on the page. */
export function DropZone() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const drag = (event: DragEvent) => {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      // The pointer left the window; moving between elements leaves one for another.
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) open(file);
    };
    window.addEventListener("dragover", drag);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", drag);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, []);
  if (!over) return null;
  return (
    <div className="pointer-events-none fixed inset-0 z-50 grid place-items-center bg-bg/80 p-8">
      <div className="rounded-lg border-2 border-accent border-dashed bg-panel px-12 py-10 text-center">
        <p className="font-semibold text-heading">{strings.capture.dropHere}</p>
        <p className="mt-1 text-fg-2">{strings.capture.dropKinds}</p>
      </div>
    </div>
  );
}
