import { Fault } from '@heed/kernel';
import type { BenchReport } from './figures.ts';
import { printReport, reportJson } from './print-report.ts';
import { sharedDir } from './shared-dir.ts';

// Loaded when asked for: a bench brings its own stores and peers along.
const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<BenchReport>>> = {
  validate: async () => (await import('./validate.ts')).validateBench(),
  import: async () => (await import('./import.ts')).importBench(),
  ingest: async (args) => (await import('./ingest.ts')).ingestBench(args),
  project: async (args) => (await import('./project/project-bench.ts')).projectBench(args),
  replay: async (args) => (await import('./project/replay-bench.ts')).replayBench(args),
  mine: async () => (await import('./mine/mine-bench.ts')).mineBench(),
  decide: async () => (await import('./decide.ts')).decideBench(),
  'love-quality': async (args) =>
    (await import('./love/love-quality.ts')).loveQualityBench(args, sharedDir()),
  'love-score': async (args) => (await import('./love-score.ts')).loveScoreBench(args),
  'love-train': async (args) => (await import('./love-train.ts')).loveTrainBench(args),
  reformulation: async () => (await import('./reformulation.ts')).reformulationBench(sharedDir()),
};

/** Those that take options of their own; for the others any is one too many. */
const WITH_OPTIONS: Readonly<Record<string, string>> = {
  ingest: '[--log postgresql|kafka]',
  project: '[--log postgresql|kafka] [--events N] [--seconds S] [--rate N] [--hot SHARE] [--open N]',
  replay: '[--events N] [--hot SHARE] [--open N]',
  'love-score': '[--turns N] [--threads N] [--encoder DIR]',
  'love-train': '[--rows N,..]',
  'love-quality': '[--only SET,..] [--encoder DIR|none]',
};

const args = process.argv.slice(2);
const json = args.includes('--json');
const [name = '', ...others] = args.filter((arg) => arg !== '--json');
const bench = BENCHES[name];
const own = WITH_OPTIONS[name];
if (bench === undefined || (others.length > 0 && own === undefined)) {
  process.stderr.write(`heed bench NAME [--json], NAME one of: ${Object.keys(BENCHES).join(', ')}\n`);
  for (const [one, options] of Object.entries(WITH_OPTIONS)) process.stderr.write(`  ${one} ${options}\n`);
  process.exitCode = 2;
} else {
  try {
    const report = await bench(others);
    process.stdout.write(json ? `${reportJson(report)}\n` : printReport(report));
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    const { code, message: title, remedy } = thrown;
    process.stderr.write(`heed: ${title}\n  ${remedy}\n`);
    if (json) process.stdout.write(`${JSON.stringify({ problem: { code, title, remedy } })}\n`);
    process.exitCode = 1;
  }
}
