/** Names whom the licences of databases ask to be named, wherever places are shown. */

import { placeStrings } from "../lib/place-strings";
import { creditsOf } from "../lib/places";
import { useSession } from "../live/session";

const NONE: readonly [] = [];

export function PlaceCredits({ className = "" }: { className?: string }) {
  const databases = useSession(({ places }) => places?.databases ?? NONE);
  const credits = creditsOf(databases);
  if (credits.length === 0) return null;
  return (
    <footer className={`text-fg-3 text-meta ${className}`}>
      {placeStrings.credits}
      {credits.map(({ text, url }) => (
        <a
          key={`${text} ${url}`}
          href={url}
          target="_blank"
          rel="noreferrer"
          className="ml-2 underline hover:text-fg"
        >
          {text}
        </a>
      ))}
    </footer>
  );
}
