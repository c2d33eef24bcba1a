import convai2 from '../mappings/convai2.json' with { type: 'json' };
import excite from '../mappings/excite.json' with { type: 'json' };
import type { Mapping } from './mapping.ts';
import { readMapping } from './mapping.ts';

/** Mappings for public logs, by the name that `heed import --map` takes. */
export const SHIPPED_MAPPINGS: ReadonlyMap<string, Mapping> = new Map(
  [excite, convai2].map((value) => {
    const mapping = readMapping(value);
    if (!mapping.ok) throw new TypeError(mapping.error.detail);
    return [mapping.value.name, mapping.value] as const;
  }),
);
