import { z } from 'zod';

/** A number, or its digits: what is empty or written like code is no number. */
export const whole = (from: number, to: number) => {
  const error = `expected a whole number from ${from} to ${to}`;
  const digits = z.string({ error }).regex(/^\d+$/u, { error }).transform(Number);
  return z
    .union([z.number(), digits], { error })
    .pipe(z.number().int({ error }).min(from, { error }).max(to, { error }));
};

export const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, { error: `expected one of ${values.join(', ')}` });
