/**
 * Readers for what comes over the wire. Its types are promises of the provider's; a field that breaks them reads as
 * undefined, and nothing here throws.
 */

/** Any JSON object. */
export type Wire = Readonly<Record<string, unknown>>;

/** The value as an object, if it is one. */
export function asObject(value: unknown): Wire | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Wire) : undefined;
}

/** A field that is an object. */
export function objectIn(wire: Wire | undefined, name: string): Wire | undefined {
  return asObject(wire?.[name]);
}

/** A field that is a list of objects; what in it is none is left out. */
export function objectsIn(wire: Wire | undefined, name: string): Wire[] {
  const list = wire?.[name];
  return Array.isArray(list) ? list.map(asObject).filter((item) => item !== undefined) : [];
}

/** A field that is a text. */
export function textIn(wire: Wire | undefined, name: string): string | undefined {
  const value = wire?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** A field that is a whole number from 0 up. */
export function indexIn(wire: Wire | undefined, name: string): number | undefined {
  const value = wire?.[name];
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}
