import { it } from 'vitest';
import { checkFuzzAtLength } from '../check-fuzz.ts';

it('answers 100 000 mutated requests as it should: typed, never with a 5xx, nothing accepted is lost, no memory kept', async () => {
  await checkFuzzAtLength(2026, 100_000);
});
