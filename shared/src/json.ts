/** Any value that survives JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export function isJsonObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `T` where every value inside survives JSON (what is absent counts as left out), else `never` in its place. */
type Plain<T> = [T] extends [Json | undefined]
  ? T
  : T extends Date | ((...args: never) => unknown)
    ? never
    : { [Key in keyof T]: Plain<T[Key]> };

/** A value of plain data as JSON: interfaces lack the index signature that `Json` asks for, though their values are. */
export const asJson = <T extends object>(value: T & Plain<T>): Json => value as Json;
