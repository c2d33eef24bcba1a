import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readMapping } from './mapping.ts';

const guide = readFileSync(new URL('../../../../docs/import.md', import.meta.url), 'utf8');

it('reads every mapping that the guide shows', () => {
  const examples = [...guide.matchAll(/```json\n(.*?)```/gsu)].map(
    ([, text = '']) => JSON.parse(text) as unknown,
  );
  expect(examples.length).toBeGreaterThanOrEqual(2);
  for (const example of examples) expect(readMapping(example)).toMatchObject({ ok: true });
});
