import { it } from 'vitest';
import { checkFuzz } from '../check-fuzz.ts';

it('answers 100 000 mutated requests as it should: typed, never with a 5xx, and nothing accepted is lost', async () => {
  await checkFuzz(2026, 100_000);
});
