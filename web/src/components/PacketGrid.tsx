/** A list of packets of any length, with the keyboard of a grid. */

import { type KeyboardEvent, useEffect, useId, useRef } from "react";
import { ROW_PX, useDensity } from "../lib/density";
import { strings } from "../lib/strings";
import { type GridEvents, GridView, HEADER_PX, type RowSource } from "./grid-view";

interface Props {
  label: string;
  source: RowSource;
  /** Stays at the newest row. */
  follow: boolean;
  onFollow: (follow: boolean) => void;
  selected: number | null;
  onSelect: (number: number) => void;
  onOpen: (number: number) => void;
  onEscape?: () => void;
  /** Calls back when the source may have changed; answers what ends that. Constant or memoised. */
  subscribe: (paint: () => void, element: Element) => () => void;
  className?: string;
}

const RIGHT_ALIGNED = new Set<string>(["No.", "Time", "Length"]);

export function PacketGrid(props: Props) {
  const { label, source, follow, selected, subscribe, className = "" } = props;
  const id = useId();
  const grid = useRef<HTMLDivElement>(null);
  const view = useRef<GridView | null>(null);
  const density = useDensity((choice) => choice.density);
  // The view outlives renders and calls whatever the last one brought.
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = grid.current;
    if (element === null) return;
    const events: GridEvents = {
      leftEnd: () => latest.current.onFollow(false),
      reachedEnd: () => latest.current.onFollow(true),
      selected: (number) => latest.current.onSelect(number),
      opened: (number) => latest.current.onOpen(number),
    };
    const made = new GridView(element, latest.current.source, events, ROW_PX[density]);
    made.setFollow(latest.current.follow);
    made.setSelected(latest.current.selected);
    view.current = made;
    const resize = new ResizeObserver(() => made.resize());
    resize.observe(element);
    const unsubscribe = subscribe(() => made.paint(), element);
    return () => {
      unsubscribe();
      resize.disconnect();
      made.destroy();
      view.current = null;
    };
  }, [subscribe, density]);

  useEffect(() => view.current?.setSource(source), [source]);
  useEffect(() => view.current?.setFollow(follow), [follow]);
  useEffect(() => view.current?.setSelected(selected), [selected]);

  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && props.onEscape !== undefined) {
      event.preventDefault();
      props.onEscape();
    } else if (view.current?.press(event.key) === true) {
      event.preventDefault();
    }
  };
  return (
    <div
      ref={grid}
      id={id}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-colcount={strings.packets.columns.length}
      aria-multiselectable={false}
      onKeyDown={press}
      className={`packet-list relative overflow-y-auto overflow-x-hidden focus-visible:-outline-offset-2 ${className}`}
    >
      <div
        role="row"
        aria-rowindex={1}
        className="packet-columns sticky top-0 z-10 grid items-center border-line border-y bg-panel text-fg-3 text-meta"
        style={{ height: HEADER_PX }}
      >
        {strings.packets.columns.map((name) => (
          <span
            key={name}
            role="columnheader"
            className={`truncate px-2 font-medium ${RIGHT_ALIGNED.has(name) ? "text-right" : ""}`}
          >
            {name}
          </span>
        ))}
      </div>
    </div>
  );
}
