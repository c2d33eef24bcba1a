type Defined<T> = { readonly [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  readonly [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/** The object without the fields that have no value: JSON has no `undefined`, and neither have event types. */
export function withoutUndefined<T extends object>(object: T): Defined<T> {
  const defined: Partial<T> = {};
  for (const key in object) if (object[key] !== undefined) defined[key] = object[key];
  return defined as unknown as Defined<T>;
}
