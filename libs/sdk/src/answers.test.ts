import { bundleResponse, ingestResponse } from '@heed/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bundleIn } from './bundle-answer.ts';
import { ingestResults } from './ingest-answer.ts';

const junk = fc.oneof(
  fc.constant(null),
  fc.constant(undefined),
  fc.string(),
  fc.double(),
  fc.object(),
  fc.array(fc.anything()),
);

/** The value, sometimes with something else in its place. */
function mostly<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary }, { weight: 1, arbitrary: junk });
}

const text = mostly(fc.string());
const result = mostly(
  fc.record(
    {
      id: mostly(fc.option(fc.string())),
      status: mostly(fc.constantFrom('accepted', 'duplicate', 'dead-lettered')),
      reason: text,
      detail: text,
      remedy: text,
      later: junk,
    },
    { requiredKeys: ['id', 'status'] },
  ),
);
const answer = mostly(fc.record({ results: mostly(fc.array(result, { maxLength: 4 })) }));
const bundle = mostly(
  fc.record({
    version: mostly(fc.integer()),
    tenant: text,
    content: text,
    sha256: text,
    signature: text,
    keyId: text,
    publicKey: text,
  }),
);

describe('what the SDK reads by hand', () => {
  it('of a 202 is what the contract says, with one result for each event', () => {
    let taken = 0;
    fc.assert(
      fc.property(answer, fc.nat(4), (value, sent) => {
        const parsed = ingestResponse.safeParse(value);
        const agreed = parsed.success && parsed.data.results.length === sent ? value : null;
        if (agreed !== null) taken++;
        expect(ingestResults(value, sent)).toEqual(
          agreed === null ? null : (agreed as { results: unknown }).results,
        );
      }),
      { seed: 4, numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(50);
  });

  it('of a bundle is what the contract says', () => {
    let taken = 0;
    fc.assert(
      fc.property(bundle, (value) => {
        if (bundleResponse.safeParse(value).success) {
          taken++;
          expect(bundleIn(value)).toBe(value);
        } else expect(() => bundleIn(value)).toThrow(TypeError);
      }),
      { seed: 4, numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(50);
  });
});
