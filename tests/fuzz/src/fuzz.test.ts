import { it } from 'vitest';
import { checkFuzz } from './check-fuzz.ts';

it('answers 3 000 mutated requests as it should: typed, never with a 5xx, and nothing accepted is lost', async () => {
  await checkFuzz(4, 3_000);
}, 600_000);
