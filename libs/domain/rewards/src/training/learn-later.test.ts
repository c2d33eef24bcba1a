import { seededRandom } from '@heed/kernel';
import { expect, it } from 'vitest';
import { FeatureReader } from '../features/feature-reader.ts';
import { logitsOf } from '../reward-head.ts';
import { learnLater, type LearnedLater } from './learn-later.ts';
import { startWide } from './wide-part.ts';

const random = seededRandom(5);
const turns = Array.from({ length: 600 }, () => {
  const answer = random.pick(['Sure.', 'Sorry.', 'Well.', 'No idea.', 'Here it is.']);
  return { answer, label: Number(random.chance(answer === 'Sorry.' ? 0.2 : 0.6)) };
});
const [earlier, later] = [turns.slice(0, 400), turns.slice(400)];
const tableOf = (some: typeof turns) =>
  new FeatureReader('answer').read(
    some.map(({ answer }) => ({ context: [{ role: 'user', text: 'hello' }], response: answer })),
  );

function learned(labels: Uint8Array, sessions?: Uint32Array): LearnedLater {
  const own = Uint8Array.from(earlier, ({ label }) => label);
  const fitting = startWide(tableOf(earlier), own, 0.3);
  const chosen = { strength: 0.3, fitted: own.length };
  const turnsToLearn = { table: tableOf(later), labels, negativesCount: 1, ...(sessions && { sessions }) };
  return learnLater(fitting, chosen, turnsToLearn, 7, logitsOf);
}

it('tells each half of the later turns by the other half alone, and learns both', () => {
  const labels = Uint8Array.from(later, ({ label }) => label);
  const others = labels.map((label, at) => (at < 100 ? 1 - label : label));
  const [one, other] = [learned(labels), learned(others)];
  // What became of the first half's own labels is not in what is told of it, but in what is told of the second.
  expect(other.logits.subarray(0, 100)).toEqual(one.logits.subarray(0, 100));
  expect(other.logits.subarray(100)).not.toEqual(one.logits.subarray(100));
  expect(other.linear).not.toEqual(one.linear);
  expect(one.logits).toHaveLength(200);
});

it('tells no turn by another of its session', () => {
  const labels = Uint8Array.from(later, ({ label }) => label);
  // Sessions that are open side by side: each goes on from the first turn to the last.
  const sessions = Uint32Array.from(labels, (_, at) => at % 10);
  const others = labels.map((label, at) => (sessions[at] === 0 ? 1 - label : label));
  const [one, other] = [learned(labels, sessions), learned(others, sessions)];
  for (const [at, session] of sessions.entries()) {
    if (session < 5) expect(other.logits[at]).toBe(one.logits[at]);
    else expect(other.logits[at]).not.toBe(one.logits[at]);
  }
});
