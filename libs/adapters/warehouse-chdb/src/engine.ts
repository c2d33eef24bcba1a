import type * as chdb from 'chdb';
import { createRequire } from 'node:module';
import { z } from 'zod';

type Engine = typeof chdb;

const engineShape = z.custom<Engine>(
  (found) => typeof found === 'object' && found !== null && 'Session' in found && 'version' in found,
);

/** The engine itself, half a gigabyte, loaded when it is first asked for: where the warehouse is on a server it need not even be installed. */
export function engine(): Engine {
  loaded ??= engineShape.parse(createRequire(import.meta.url)('chdb'));
  return loaded;
}

let loaded: Engine | undefined;
