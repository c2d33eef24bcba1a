import { parseArgs } from 'node:util';
import { Fault } from '@heed/kernel';
import { DATA_SETS } from './data-sets.ts';
import { SATISFACTION_CLASSES } from './satisfaction-classes.ts';

const SETS = [...Object.keys(DATA_SETS), SATISFACTION_CLASSES];

export interface LoveQualityOptions {
  /** Names of data sets. */
  readonly sets: readonly string[];
  /** Directory of a sentence encoder, or `none`; left out, the one of the shared folder is tried. */
  readonly encoder?: string;
}

/** Throws Fault `bench-option` for options and sets that there are not. */
export function readOptions(args: readonly string[]): LoveQualityOptions {
  const given = parsed(args);
  const sets = given.only?.split(',') ?? SETS;
  const unknown = sets.filter((name) => !SETS.includes(name));
  if (unknown.length > 0) throw usage(`there is no data set ${unknown.join(', ')}`);
  return { sets, ...(given.encoder !== undefined && { encoder: given.encoder }) };
}

function parsed(args: readonly string[]): { readonly only?: string; readonly encoder?: string } {
  try {
    const options = { only: { type: 'string' }, encoder: { type: 'string' } } as const;
    return { ...parseArgs({ args: [...args], options }).values };
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

function usage(problem: string): Fault {
  const sets = SETS.join(',');
  return new Fault('bench-option', problem, `--only takes some of ${sets}; --encoder a directory or none`);
}
