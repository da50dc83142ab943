/** What a language model would be sent, as it would be sent, before anything is. */

import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import { useEffect, useState } from "react";
import { CopyButton } from "../../components/CopyButton";
import type { AssistantPreview } from "../../generated/AssistantPreview";
import { saidStrings } from "../../lib/said-strings";
import { reasonOf } from "../../live/client";
import { assistantWouldSend } from "../../live/words";

const { assistant: words } = saidStrings;

export function PreviewDialog({ onClose }: { onClose: () => void }) {
  const { preview, problem } = usePreview();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="appear fixed inset-0 z-40 bg-black/50" />
        <Dialog.Content
          aria-describedby={undefined}
          className="popup appear fixed inset-y-0 right-0 z-50 flex w-[640px] max-w-full flex-col rounded-none! p-4"
        >
          <div className="flex items-center pb-2">
            <Dialog.Title className="font-semibold text-heading">{words.sheet}</Dialog.Title>
            <Dialog.Close className="button ml-auto w-8 px-0" aria-label={words.sheetClose}>
              <X size={14} aria-hidden="true" />
            </Dialog.Close>
          </div>
          {problem !== null && <p role="alert">{problem}</p>}
          {preview === null && problem === null && <p className="text-fg-3">{words.loading}</p>}
          {preview !== null && (
            <>
              <p className="text-fg-2">
                {preview.assistant.redacted ? words.redacted : words.notRedacted} {words.never}{" "}
                {words.minutes}
              </p>
              <Sent title={words.instructions} text={preview.instructions} />
              <Sent title={words.facts} text={preview.facts} />
            </>
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Sent({ title, text }: { title: string; text: string }) {
  return (
    <section aria-label={title} className="mt-3 flex min-h-0 flex-1 flex-col">
      <h3 className="flex items-center pb-1 font-semibold text-fg-2">
        {title}
        <CopyButton text={() => text} label={words.copy} className="ml-auto" />
      </h3>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="mono wrap-anywhere min-h-0 flex-1 overflow-auto whitespace-pre-wrap rounded-md border border-line bg-bg p-2"
      >
        {text}
      </pre>
    </section>
  );
}

function usePreview() {
  const [preview, setPreview] = useState<AssistantPreview | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    assistantWouldSend().then(
      (found) => wanted && setPreview(found),
      (error: unknown) => wanted && setProblem(reasonOf(error)),
    );
    return () => {
      wanted = false;
    };
  }, []);
  return { preview, problem };
}
