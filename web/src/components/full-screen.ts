/** Shows one element in place of everything else. */

import { type RefObject, useEffect, useRef } from "react";

/** Everything outside `element`: its siblings, and those of all that holds it. */
function surroundings(element: Element): Element[] {
  const found: Element[] = [];
  for (let inner = element; inner !== document.body && inner.parentElement !== null; ) {
    found.push(...[...inner.parentElement.children].filter((sibling) => sibling !== inner));
    inner = inner.parentElement;
  }
  return found.filter((other) => !other.hasAttribute("inert"));
}

/** While `full`, nothing but `element` can be reached by pointer or keyboard, and Esc leaves. */
export function useFullScreen(
  element: RefObject<HTMLElement | null>,
  full: boolean,
  onLeave: () => void,
): void {
  const leave = useRef(onLeave);
  leave.current = onLeave;
  useEffect(() => {
    const { current } = element;
    if (!full || current === null) return;
    const others = surroundings(current);
    for (const other of others) other.setAttribute("inert", "");
    const press = (event: KeyboardEvent) => {
      // An open menu takes the key first, and says so.
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      leave.current();
    };
    window.addEventListener("keydown", press);
    return () => {
      window.removeEventListener("keydown", press);
      for (const other of others) other.removeAttribute("inert");
    };
  }, [element, full]);
}
