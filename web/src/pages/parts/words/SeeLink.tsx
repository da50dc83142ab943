/** A link to a place of the dashboard that the program names by its path. */

import { useRouter } from "@tanstack/react-router";
import type { ComponentProps, MouseEvent } from "react";

/** A path of this dashboard, with its search: nothing else is followed. */
export function isPath(see: string): boolean {
  return /^\/(?![/\\])/.test(see);
}

interface Props extends Omit<ComponentProps<"a">, "href" | "onClick"> {
  see: string;
}

/** Where the path is none, what it holds is shown without a link. Further properties are those of a link. */
export function SeeLink({ see, children, ...rest }: Props) {
  const router = useRouter();
  if (!isPath(see)) return <span className={rest.className}>{children}</span>;
  const go = (event: MouseEvent) => {
    // A press that asks for another tab or window is the browser's.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void router.navigate({ href: see });
  };
  return (
    <a {...rest} href={see} onClick={go}>
      {children}
    </a>
  );
}
