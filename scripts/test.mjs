// `npm test`: build, formatting, duplicates, lint, types, unused code, then every test; `--faults` runs the fault tests alone,
// `--stack` those against a real Kafka broker and PostgreSQL server, `--browser` those in a real Chromium, `--fuzz` the hostile requests at length,
// `--python` model files in Python's onnxruntime, `--schemathesis` the requests that it makes up from the OpenAPI document, `--docker` what stands in docker/.
// Ends with one line, `N passed, N failed, N skipped`; a check that fails counts as one failed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { bootstrap, root } from './bootstrap.mjs';

const suite = ['faults', 'stack', 'browser', 'fuzz', 'python', 'schemathesis', 'docker'].find((name) =>
  process.argv.includes(`--${name}`),
);
const node = await bootstrap({ build: false });
const env = {
  ...process.env,
  PATH: [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
  NX_DAEMON: 'false',
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
};

const checks = [
  ['formatting', 'prettier', '--check', '--log-level=warn', '.'],
  ['duplicates', 'node', 'scripts/check-duplicates.mjs'],
  ['lint', 'nx', 'run-many', '-t', 'lint', '--output-style=static'],
  ['types', 'nx', 'run', 'heed:typecheck', '--output-style=static'],
  ['unused code', 'knip', '--no-config-hints'],
];

const build = ['build', 'node', 'scripts/build.mjs', '--if-stale'];
const failedChecks = (suite ? [build] : [build, ...checks]).filter(
  ([name, ...command]) => !passes(name, command),
);
const tests = runTests();
for (const [name] of failedChecks) console.log(`! check failed: ${name}`);
for (const line of tests.failures) console.log(`! ${line}`);
const failed = tests.failed + failedChecks.length;
console.log(`${tests.passed} passed, ${failed} failed, ${tests.skipped} skipped`);
process.exit(failed === 0 && tests.ok ? 0 : 1);

function passes(name, [command, ...args]) {
  const startedAt = performance.now();
  const { status } = spawnSync(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  return status === 0;
}

function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'heed-test-'));
  const report = join(folder, 'report.json');
  const config = suite ? `vitest.${suite}.config.ts` : 'vitest.config.ts';
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const ok = passes('tests', ['vitest', 'run', `--config=${config}`, '--passWithNoTests', ...reporters]);
  const counted = countsOf(report);
  rmSync(folder, { recursive: true, force: true });
  return { ok, ...counted, failed: ok ? counted.failed : Math.max(1, counted.failed) };
}

/** A file that cannot be loaded has no tests to count, so it counts as one failed. */
function countsOf(report) {
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8'));
    const unloaded = counts.testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    );
    return {
      passed: counts.numPassedTests,
      failed: counts.numFailedTests + unloaded.length,
      skipped: counts.numPendingTests + counts.numTodoTests,
      failures: counts.testResults.flatMap(failuresOf),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, failures: ['the tests gave no report'] };
  }
}

/** The file, the test and the beginning of what it said, a line each. */
function failuresOf({ name, message, assertionResults }) {
  const file = relative(root, name);
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return message ? [`${file}: ${beginningOf(message)}`] : [];
  return failed.map(
    ({ fullName, failureMessages }) => `${file}: ${fullName}: ${beginningOf(failureMessages.join(' '))}`,
  );
}

function beginningOf(message) {
  return stripVTControlCharacters(message).replaceAll(/\s+/g, ' ').slice(0, 600);
}
