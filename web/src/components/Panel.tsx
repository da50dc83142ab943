/** A framed part of a page, with its own error boundary: one that fails never blanks the others. */

import { Component, type ReactNode, type Ref } from "react";
import { strings } from "../lib/strings";

interface PanelProps {
  title: string;
  /** The unit of every number inside. */
  unit?: string;
  /** What the numbers are of, such as their time range. */
  meta?: ReactNode;
  /** What stands at the right, and on small screens under the title. */
  readout?: ReactNode;
  actions?: ReactNode;
  className?: string;
  ref?: Ref<HTMLElement>;
  children: ReactNode;
}

export function Panel({ title, unit, meta, readout, actions, className = "", ref, children }: PanelProps) {
  return (
    <section ref={ref} className={`panel flex flex-col ${className}`} aria-label={title}>
      <header className="flex min-h-9 items-center gap-x-2 px-3 pt-1.5 text-table max-sm:flex-wrap">
        <h2 className="whitespace-nowrap font-semibold text-fg-2">
          {title} {unit !== undefined && <span className="font-normal text-fg-3">{unit}</span>}
        </h2>
        <div className="ml-auto min-w-0 truncate whitespace-pre text-fg-2 max-sm:order-last max-sm:basis-full">
          {readout}
        </div>
        <div className="flex items-center text-fg-3 max-sm:ml-auto">{meta}</div>
        {actions}
      </header>
      <Boundary>{children}</Boundary>
    </section>
  );
}

interface BoundaryState {
  error: Error | null;
}

export class Boundary extends Component<{ children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: null };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div className="p-3" role="alert">
        <p>{strings.panel.failed}</p>
        <button type="button" className="button mt-2" onClick={() => this.setState({ error: null })}>
          {strings.panel.retry}
        </button>
        <details className="mt-2 text-fg-2">
          <summary>{strings.panel.details}</summary>
          <p className="mono mt-1 break-all">{error.message}</p>
        </details>
      </div>
    );
  }
}
