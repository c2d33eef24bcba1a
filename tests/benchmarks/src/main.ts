import type { BenchReport } from './figures.ts';
import { printReport, reportJson } from './print-report.ts';
import { sharedDir } from './shared-dir.ts';

// Loaded when asked for: a bench brings its own stores and peers along.
const BENCHES: Readonly<Record<string, () => Promise<BenchReport>>> = {
  validate: async () => (await import('./validate.ts')).validateBench(),
  import: async () => (await import('./import.ts')).importBench(),
  ingest: async () => (await import('./ingest.ts')).ingestBench(),
  mine: async () => (await import('./mine/mine-bench.ts')).mineBench(),
  decide: async () => (await import('./decide.ts')).decideBench(),
  reformulation: async () => (await import('./reformulation.ts')).reformulationBench(sharedDir()),
};

const args = process.argv.slice(2);
const json = args.includes('--json');
const [name = '', ...others] = args.filter((arg) => arg !== '--json');
const bench = BENCHES[name];
if (bench === undefined || others.length > 0) {
  process.stderr.write(`heed bench NAME [--json], NAME one of: ${Object.keys(BENCHES).join(', ')}\n`);
  process.exitCode = 2;
} else {
  const report = await bench();
  process.stdout.write(json ? `${reportJson(report)}\n` : printReport(report));
}
