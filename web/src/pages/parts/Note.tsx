/** Says what numbers beside it do not know. */

export function Note({ text }: { text: string }) {
  return (
    <p className="rounded-md border border-line bg-panel px-3 py-1.5 text-fg-2 text-table">
      <span className="mr-1.5 text-warn" aria-hidden="true">
        ▲
      </span>
      {text}
    </p>
  );
}
