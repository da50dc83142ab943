/** Pages that stand alone, because the program cannot be talked to from here. */

import { strings } from "../lib/strings";

export function Outdated() {
  return (
    <Notice title={strings.outdated.title} text={strings.outdated.text}>
      <button type="button" className="button button-primary mt-4" onClick={() => location.reload()}>
        {strings.outdated.reload}
      </button>
    </Notice>
  );
}

export function RefusedLogin() {
  return <Notice title={strings.refusedLogin.title} text={strings.refusedLogin.text} />;
}

function Notice({ title, text, children }: { title: string; text: string; children?: React.ReactNode }) {
  return (
    <main className="grid h-dvh place-items-center p-4">
      <div className="panel max-w-md p-6 text-center" role="alert">
        <h1 className="font-semibold text-page">{title}</h1>
        <p className="mt-2 text-fg-2">{text}</p>
        {children}
      </div>
    </main>
  );
}
