/** Asks once before measurements are lost. */

import { AlertDialog } from "radix-ui";
import { strings } from "../lib/strings";
import { dismissConfirmation, useControls } from "./controls";

export function ConfirmDialog() {
  const confirmation = useControls((controls) => controls.confirmation);
  return (
    <AlertDialog.Root
      open={confirmation !== null}
      onOpenChange={(open) => {
        if (!open) dismissConfirmation();
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="appear fixed inset-0 z-40 bg-black/50" />
        <AlertDialog.Content className="popup appear fixed top-[20vh] left-1/2 z-50 w-[420px] max-w-[92vw] -translate-x-1/2 p-4">
          <AlertDialog.Title className="font-semibold text-heading">{confirmation?.title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-fg-2">{confirmation?.text}</AlertDialog.Description>
          <div className="mt-4 flex justify-end gap-2">
            <AlertDialog.Cancel className="button">{strings.confirm.keep}</AlertDialog.Cancel>
            <AlertDialog.Action className="button button-danger" onClick={() => void confirmation?.go()}>
              {confirmation?.action}
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
