import { tenantId } from '@heed/kernel';
import { expect, it, onTestFinished } from 'vitest';
import { modelScorers } from './model-scorers.ts';
import { rewardGraph } from './reward-graph.ts';
import { trainedHead, trainingTable, trainingTurns } from './trained-heads.fixture.ts';

const tenant = tenantId('default');
const head = trainedHead(false, 'platt');
const turns = trainingTurns.slice(0, 4);

/** Models by their versions, which are their biases; `reads` says which were read, an empty file stands for any other. */
function rig(biases: readonly number[], mostLoaded?: number) {
  const files = new Map(
    biases.map((bias) => {
      const file = rewardGraph({ ...head, bias }, trainingTable, { purpose: 'love', heedVersion: '0.1.0' });
      return [String(bias), file] as const;
    }),
  );
  const reads: string[] = [];
  const read = (_tenant: string, version: string): Promise<Uint8Array> => {
    reads.push(version);
    return Promise.resolve(files.get(version) ?? new Uint8Array());
  };
  const scorers = modelScorers(read, {}, mostLoaded);
  onTestFinished(() => scorers.close());
  return { files, reads, scorers };
}

it('scores by the version that is asked for, and loads each once', async () => {
  const { reads, scorers } = rig([-9, 9]);
  const signs = [];
  for (const version of ['-9', '9', '-9'])
    signs.push(Math.sign((await scorers.score(tenant, version, turns)).logits[0] ?? 0));
  expect(signs).toEqual([-1, 1, -1]);
  expect(reads).toEqual(['-9', '9']);
});

it('lets go of the one that was not asked for the longest, whoever still uses it', async () => {
  const { reads, scorers } = rig([0, 1, 2], 1);
  const versions = ['0', '1', '2', '0', '1', '2'];
  const scored = await Promise.all(versions.map((version) => scorers.score(tenant, version, turns)));
  expect(scored.map(({ logits }) => Math.round((logits[0] ?? 0) - (scored[0]?.logits[0] ?? 0)))).toEqual([
    0, 1, 2, 0, 1, 2,
  ]);
  expect(reads).toEqual(versions);
});

it('tries a model that could not be loaded again', async () => {
  const { files, scorers } = rig([9]);
  await expect(scorers.score(tenant, 'late', turns)).rejects.toMatchObject({ code: 'model-empty' });
  files.set('late', files.get('9') ?? new Uint8Array());
  expect((await scorers.score(tenant, 'late', turns)).logits).toHaveLength(turns.length);
});

it('closes when what is under way is done, and loads nothing then', async () => {
  const { reads, scorers } = rig([0, 1]);
  const underWay = [scorers.score(tenant, '0', turns), scorers.score(tenant, '1', turns)];
  await scorers.close();
  for (const { logits } of await Promise.all(underWay)) expect(logits).toHaveLength(turns.length);
  await expect(scorers.score(tenant, '0', turns)).rejects.toMatchObject({ code: 'shutting-down' });
  expect(reads).toEqual(['0', '1']);
});
