/** A name that a stranger wrote: text and nothing else, in a direction of its own, cut where there is no room. */

interface Props {
  name: string;
  /** Fixed width, as addresses have. */
  mono?: boolean;
  className?: string;
}

export function Stranger({ name, mono = false, className = "" }: Props) {
  return (
    <bdi title={name} className={`min-w-0 truncate ${mono ? "mono" : ""} ${className}`}>
      {name}
    </bdi>
  );
}
