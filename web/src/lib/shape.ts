/**
 * Checks what came from outside against the shape the types promise.
 *
 * A `Shape<T>` answers `null` where a value is a `T`, else a sentence that says where it is not. Fields that a shape
 * does not know are let through: messages may grow without breaking an older page.
 */
export interface Shape<T> {
  (value: unknown, at: string): string | null;
  /** Never set: it makes a shape of one type unfit where another is wanted. */
  readonly promises?: T;
}

function kind(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
}

export const text: Shape<string> = (value, at) =>
  typeof value === "string" ? null : `${at} is ${kind(value)}, expected text`;

export const number: Shape<number> = (value, at) =>
  typeof value === "number" && Number.isFinite(value) ? null : `${at} is ${kind(value)}, expected a number`;

export const flag: Shape<boolean> = (value, at) =>
  typeof value === "boolean" ? null : `${at} is ${kind(value)}, expected true or false`;

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value, at) => (value === null ? null : shape(value, at));
}

export function listOf<T>(shape: Shape<T>): Shape<T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) return `${at} is ${kind(value)}, expected a list`;
    for (const [index, item] of value.entries()) {
      const complaint = shape(item, `${at}[${index}]`);
      if (complaint !== null) return complaint;
    }
    return null;
  };
}

export function oneOf<T extends string>(...words: readonly T[]): Shape<T> {
  return (value, at) =>
    (words as readonly unknown[]).includes(value) ? null : `${at} is not one of ${words.join(", ")}`;
}

/** An object with every field of `T`; the compiler asks for a shape of each. */
export function fields<T extends object>(shapes: { [K in keyof T]-?: Shape<T[K]> }): Shape<T> {
  const entries = Object.entries(shapes) as [string, Shape<unknown>][];
  return (value, at) => {
    if (!isRecord(value)) return `${at} is ${kind(value)}, expected an object`;
    for (const [name, shape] of entries) {
      const complaint = shape(value[name], `${at}.${name}`);
      if (complaint !== null) return complaint;
    }
    return null;
  };
}

export function recordOf<T>(shape: Shape<T>): Shape<{ [key in string]: T }> {
  return (value, at) => {
    if (!isRecord(value)) return `${at} is ${kind(value)}, expected an object`;
    for (const [name, item] of Object.entries(value)) {
      const complaint = shape(item, `${at}.${name}`);
      if (complaint !== null) return complaint;
    }
    return null;
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
