/** A JSON value's type with everything in it read-only. */
export type Immutable<T> = T extends readonly unknown[] | object
  ? { readonly [Key in keyof T]: Immutable<T[Key]> }
  : T;
