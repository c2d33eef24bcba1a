import { seededRandom } from '@heed/kernel';
import { OpenFeature, TypedInMemoryProvider, type Client } from '@openfeature/server-sdk';
import { openBundleKey } from '@heed/platform';
import { bundleText, loadBundle, signBundle, type BundleEvaluator, type BundleRewrite } from '@heed/policies';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { figure, type BenchReport } from './figures.ts';

const REWRITES = 1_000_000;
const RUNS = 5;
/** Calls between two looks at the clock: enough to drown the clock's own cost, few enough to show a tail. */
const CALLS_A_BATCH = 20;
const BATCHES = 4_000;
const WARM_UP_BATCHES = 1_000;

interface Spread {
  /** Microseconds a call, over the means of the batches. */
  readonly p50: number;
  readonly p99: number;
}

/**
 * One decision in-process at a million rewrites, beside a bare Map and OpenFeature's in-memory provider behind its real client.
 * Every call gets a string of its own that was never hashed before, as a request that came over the network; nine in ten
 * have a rewrite.
 */
export async function decideBench(): Promise<BenchReport> {
  const rewrites = rewritesOf(REWRITES);
  const { evaluator, loadSeconds, megabytes } = await loaded(rewrites);
  const map = new Map(rewrites.map(({ state, text }) => [state, text]));
  const client = await openFeatureClient(rewrites);

  const ours: Spread[] = [];
  const typed: Spread[] = [];
  const bare: Spread[] = [];
  const peer: Spread[] = [];
  for (let run = 0; run < RUNS; run++) {
    ours.push(spreadOf(requests(rewrites, run), (text) => evaluator.decide({ text }).rewrite));
    bare.push(spreadOf(requests(rewrites, run), (text) => map.get(text) ?? null));
    typed.push(spreadOf(requests(rewrites, run).map(asTyped), (text) => evaluator.decide({ text }).rewrite));
    peer.push(await spreadOfAwaited(requests(rewrites, run), (text) => client.getStringValue(text, '')));
  }
  await OpenFeature.close();

  const compare = (
    name: string,
    of: readonly Spread[],
    at: keyof Spread,
    reference: string,
    spreads: readonly Spread[],
  ): ReturnType<typeof figure> =>
    figure(
      name,
      'us',
      'lower',
      of.map((s) => s[at]),
      reference,
      spreads.map((s) => s[at]),
    );
  const openFeature = 'OpenFeature in-memory provider, through its client';
  return {
    name: 'decide',
    figures: [
      compare('a decision, p50', ours, 'p50', openFeature, peer),
      compare('a decision, p99', ours, 'p99', openFeature, peer),
      compare('a decision, p50', ours, 'p50', 'a bare Map.get', bare),
      compare('a decision, p99', ours, 'p99', 'a bare Map.get', bare),
      compare(
        'a request with capitals and punctuation, p50',
        typed,
        'p50',
        'a bare Map.get of the normal form',
        bare,
      ),
      figure('verify and load the bundle', 's', 'lower', [loadSeconds], 'none', []),
      figure('heap held by the evaluator', 'MB', 'lower', [megabytes], 'none', []),
    ],
    notes: [
      `${REWRITES} live rewrites, ${RUNS} runs of ${BATCHES} batches of ${CALLS_A_BATCH} calls after ${WARM_UP_BATCHES} batches to warm up, one core`,
      'percentiles are over the means of the batches, so they do not show a single slow call among its batch',
      'OpenFeature answers through promises: its calls are awaited one by one, as an application would',
    ],
  };
}

function spreadOf(requests: readonly string[], call: (text: string) => string | null): Spread {
  const figures = new Float64Array(BATCHES);
  let found = 0;
  for (let batch = -WARM_UP_BATCHES, next = 0; batch < BATCHES; batch++) {
    const startedNs = process.hrtime.bigint();
    for (let i = 0; i < CALLS_A_BATCH; i++) if (call(requests[next++] ?? '') !== null) found++;
    if (batch >= 0) figures[batch] = Number(process.hrtime.bigint() - startedNs) / 1000 / CALLS_A_BATCH;
  }
  return percentiles(figures, found);
}

async function spreadOfAwaited(
  requests: readonly string[],
  call: (text: string) => Promise<string>,
): Promise<Spread> {
  const figures = new Float64Array(BATCHES);
  let found = 0;
  for (let batch = -WARM_UP_BATCHES, next = 0; batch < BATCHES; batch++) {
    const startedNs = process.hrtime.bigint();
    for (let i = 0; i < CALLS_A_BATCH; i++) if ((await call(requests[next++] ?? '')) !== '') found++;
    if (batch >= 0) figures[batch] = Number(process.hrtime.bigint() - startedNs) / 1000 / CALLS_A_BATCH;
  }
  return percentiles(figures, found);
}

function percentiles(figures: Float64Array, found: number): Spread {
  const calls = (BATCHES + WARM_UP_BATCHES) * CALLS_A_BATCH;
  if (Math.abs(found / calls - 0.9) > 0.02)
    throw new Error(`${found} of ${calls} requests were rewritten, not nine in ten`);
  const sorted = figures.sort();
  return { p50: sorted[BATCHES >> 1] ?? Number.NaN, p99: sorted[Math.floor(BATCHES * 0.99)] ?? Number.NaN };
}

/** States of three to seven words, about 35 characters, each its own. */
function rewritesOf(count: number): BundleRewrite[] {
  const random = seededRandom(1);
  const vocabulary = Array.from({ length: 5_000 }, () => word(2 + random.below(6)));
  const states = new Set<string>();
  while (states.size < count) {
    states.add(Array.from({ length: 3 + random.below(5) }, () => random.pick(vocabulary)).join(' '));
  }
  return [...states].sort().map((state, i) => ({
    state,
    text: `${state} please`,
    fix: `fix-${i.toString(16).padStart(16, '0')}`,
    share: 1,
  }));

  function word(letters: number): string {
    return Array.from({ length: letters }, () => String.fromCharCode(97 + random.below(26))).join('');
  }
}

function requests(rewrites: readonly BundleRewrite[], run: number): string[] {
  const random = seededRandom(100 + run);
  return Array.from({ length: (BATCHES + WARM_UP_BATCHES) * CALLS_A_BATCH }, () => {
    const { state } = random.pick(rewrites);
    // Through bytes: the same characters in a new string, whose hash nobody has computed yet.
    return Buffer.from(random.chance(0.9) ? state : `${state} unknown`).toString();
  });
}

function asTyped(request: string): string {
  return `${request.charAt(0).toUpperCase()}${request.slice(1)}?`;
}

async function loaded(
  rewrites: readonly BundleRewrite[],
): Promise<{ evaluator: BundleEvaluator; loadSeconds: number; megabytes: number }> {
  const dir = await mkdtemp(join(tmpdir(), 'heed-bench-'));
  const key = await openBundleKey(dir).finally(() => rm(dir, { recursive: true }));
  const content = bundleText({ format: 'heed.bundle.v1', tenant: 'bench', rewrites, policies: {} });
  const signed = await signBundle('bench', content, 1, key);
  const heapBefore = heapAfterCollection();
  const startedMs = performance.now();
  const result = await loadBundle(signed, 'bench', key);
  const loadSeconds = (performance.now() - startedMs) / 1000;
  if (!result.ok) throw new Error(result.error.message);
  return { evaluator: result.value, loadSeconds, megabytes: (heapAfterCollection() - heapBefore) / 1e6 };
}

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

async function openFeatureClient(rewrites: readonly BundleRewrite[]): Promise<Client> {
  const flags: NonNullable<ConstructorParameters<typeof TypedInMemoryProvider>[0]> = {};
  for (const { state, text } of rewrites) {
    flags[state] = { variants: { rewrite: text }, defaultVariant: 'rewrite', disabled: false };
  }
  await OpenFeature.setProviderAndWait(new TypedInMemoryProvider(flags));
  return OpenFeature.getClient();
}
