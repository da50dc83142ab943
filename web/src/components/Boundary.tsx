/** What fails inside is replaced by the reason; what stands beside it goes on. */

import { Component, type ReactNode } from "react";
import { strings } from "../lib/strings";

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
        <p className="font-medium">{strings.panel.failed}</p>
        <p className="text-fg-2">{strings.panel.failedHint}</p>
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
