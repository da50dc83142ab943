/** The keys, and the switch for those that are a single key. */

import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import { useId } from "react";
import { OnOff } from "../components/OnOff";
import { strings } from "../lib/strings";
import { setHelpOpen, setSingleKeys, useShortcutChoice } from "./shortcuts";

export function HelpDialog() {
  const { singleKeys, helpOpen } = useShortcutChoice();
  const hintId = useId();
  return (
    <Dialog.Root open={helpOpen} onOpenChange={setHelpOpen}>
      <Dialog.Portal>
        <Dialog.Overlay className="appear fixed inset-0 z-40 bg-black/50" />
        <Dialog.Content
          aria-describedby={undefined}
          className="popup appear fixed top-[12vh] left-1/2 z-50 max-h-[80vh] w-[420px] max-w-[92vw] -translate-x-1/2 overflow-auto p-4"
        >
          <div className="flex items-center">
            <Dialog.Title className="font-semibold text-heading">{strings.help.title}</Dialog.Title>
            <Dialog.Close className="button ml-auto w-8 px-0" aria-label={strings.help.close}>
              <X size={14} aria-hidden="true" />
            </Dialog.Close>
          </div>
          <dl className="mt-3 grid grid-cols-[max-content_1fr] items-center gap-x-4 gap-y-2">
            {strings.help.keys.map(([keys, meaning]) => (
              <div key={keys} className="contents">
                <dt>
                  <kbd className="key">{keys}</kbd>
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
          <div className="mt-4 flex items-center gap-3 border-line border-t pt-3">
            <OnOff
              aria-label={strings.help.singleKeys}
              aria-describedby={hintId}
              checked={singleKeys}
              onCheckedChange={setSingleKeys}
            />
            <div>
              <div className="font-medium">{strings.help.singleKeys}</div>
              <div id={hintId} className="text-fg-3 text-meta">
                {strings.help.singleKeysHint}
              </div>
            </div>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
