import type { Redact } from '@heed/collector';
import { Fault } from '@heed/kernel';
import { linearPattern } from '@heed/linear-patterns';
import type { Metrics } from '@heed/platform';
import { parseRedactionRules, redactBody, type RedactionRules } from '@heed/redaction';
import { readFileSync, statSync } from 'node:fs';

/** Two hundred rules of the longest kind, and room beside them. */
const LARGEST_FILE = 1024 * 1024;

/** @throws Fault `redaction-rules-wrong`, with all that is wrong and the rules that it is wrong in */
export function readRedactionRules(file: string): RedactionRules {
  const rules = parseRedactionRules(readJsonFile(file), linearPattern);
  if (!rules.ok) throw wrongRules(file, rules.error.join('; '));
  return rules.value;
}

/** Redacts each event and counts by rule what was taken out, never what it was. */
export function redactBy(rules: RedactionRules, metrics: Metrics): Redact {
  return (given) => {
    const { body, redactions } = redactBody(given, rules);
    for (const [rule, times] of redactions) metrics.redactions.inc({ rule }, times);
    return body;
  };
}

function readJsonFile(file: string): unknown {
  let text: string;
  try {
    if (statSync(file).size > LARGEST_FILE)
      throw wrongRules(file, `it is larger than ${String(LARGEST_FILE)} bytes`);
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    throw wrongRules(file, thrown instanceof Error ? thrown.message : 'it cannot be read', thrown);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    throw wrongRules(file, 'it is no JSON', thrown);
  }
}

function wrongRules(file: string, what: string, cause?: unknown): Fault {
  return new Fault(
    'redaction-rules-wrong',
    `HEED_REDACTION_FILE, ${file}: ${what}.`,
    'Correct the file; docs/privacy.md shows what a rule looks like. Without its rules Heed does not start, so that nothing gets in unredacted.',
    cause === undefined ? undefined : { cause },
  );
}
