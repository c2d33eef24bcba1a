import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

const LOOK_AGAIN_MS = 5;

const which = z.object({
  /** What it begins with, as a regular expression. */
  begins: z.string(),
  /** So many changes more are let through after the first that begins so. */
  after: z.number(),
});

/** Which of the statements that change something is kept back. */
export type HeldChange = z.infer<typeof which>;

/** For the process of the front: what it awaits before each change. Wishes and answers are files, as its other wishes are. */
export function openHeldChange(folder: string): (statement: string) => Promise<void> {
  const { wished, held } = filesIn(folder);
  let passed: number | null = null;
  return async (statement) => {
    if (!existsSync(wished)) passed = null;
    if (!existsSync(wished) || existsSync(held)) return;
    const { begins, after } = which.parse(JSON.parse(readFileSync(wished, 'utf8')));
    if (passed === null && !new RegExp(begins, 'u').test(statement)) return;
    passed = passed === null ? 0 : passed + 1;
    if (passed < after) return;
    writeWhole(held, statement);
    passed = null;
    while (existsSync(held)) await delay(LOOK_AGAIN_MS);
  };
}

/** For whoever started the front. */
export function heldChange(folder: string): {
  holdChange(wish: HeldChange): void;
  heldChange(): string | null;
  letGo(): Promise<void>;
} {
  const { wished, held } = filesIn(folder);
  return {
    holdChange: (wish) => {
      writeWhole(wished, JSON.stringify(wish));
    },
    heldChange: () => (existsSync(held) ? readFileSync(held, 'utf8') : null),
    letGo: async () => {
      await rm(wished, { force: true });
      await rm(held, { force: true });
    },
  };
}

function filesIn(folder: string): { readonly wished: string; readonly held: string } {
  return { wished: join(folder, 'hold-change'), held: join(folder, 'held-change') };
}

/** Whoever sees the file sees all of it. */
function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}
