/** Keeps a value while another one says the same: charts are built anew for another. */

import { useRef } from "react";

/** `value` is plain: what JSON tells of it is all there is. */
export function useSame<Value>(value: Value): Value {
  const kept = useRef(value);
  if (JSON.stringify(kept.current) !== JSON.stringify(value)) kept.current = value;
  return kept.current;
}
