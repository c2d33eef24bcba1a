import { z } from 'zod';

/** A number, or its digits: what is empty or written like code is no number. */
const written = (form: RegExp, number: z.ZodNumber, error: string) => {
  const text = z.string({ error }).regex(form, { error }).transform(Number);
  return z.union([z.number(), text], { error }).pipe(number);
};

export const whole = (from: number, to: number) => {
  const error = `expected a whole number from ${from} to ${to}`;
  return written(/^\d+$/u, z.number().int({ error }).min(from, { error }).max(to, { error }), error);
};

/** Between two times that something is done by itself: as long as a timer of JavaScript can wait (2^31 - 1 ms). Beyond that it fires at once. */
export const minutesBetween = (from: number) => whole(from, 35_000);

/** @param of what, in words */
export const share = (of: string) => {
  const error = `expected a share of ${of} from 0 to 1, like 0.1`;
  return written(/^(?:\d+|\d*\.\d+)$/u, z.number().min(0, { error }).max(1, { error }), error);
};

export const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, { error: `expected one of ${values.join(', ')}` });

/** Names of directories, with commas between. */
export const directories = z.string().refine((text) => text.split(',').every((one) => one.trim() !== ''), {
  error: 'expected directories, with commas between them',
});

/** None of them where the setting says nothing. */
export function directoriesIn(text: string | undefined): readonly string[] {
  return text?.split(',').map((one) => one.trim()) ?? [];
}
