import { z } from 'zod';

/** `0.001,0.01` as it is typed into an option. */
export const numberList = z.string().transform((text, context) =>
  text.split(',').map((one) => {
    const number = Number(one);
    if (one.trim() === '' || !Number.isFinite(number))
      context.addIssue({ code: 'custom', message: `numbers with commas between them, and not ${text}` });
    return number;
  }),
);
