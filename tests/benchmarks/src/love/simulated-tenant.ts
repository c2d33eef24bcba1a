import { seededRandom } from '@heed/kernel';
import { answered, type JudgedAnswer } from './judged-answer.ts';

/** What users think of an answer's parts: added to the logit of loving it. */
const OPENINGS = { Sure: 0.2, Sorry: -1.4, Well: 0, 'Here you go': 0.9, 'I think': -0.3 };
const TOPICS = {
  ...{ 'the weather in Oslo': 0, 'a jazz station': 0.8, 'your alarm': 0.1, 'the news': -0.7 },
  ...{ 'a pasta recipe': 0.3, 'the train to Bonn': -0.2 },
};
const ENDINGS = {
  ...{ 'Enjoy!': 0.6, 'Anything else?': -0.1, 'That is all I know.': -0.9, 'Have fun.': 0.2 },
  ...{ 'Let me know.': 0 },
};
const BASE = -0.8;
const ANSWERS = 4000;

/** A tenant whose users' love is known: what nobody can tell apart is chance, and the best that a model can do is to say the probability itself. */
export function simulatedTenant(): readonly JudgedAnswer[] {
  const random = seededRandom(7);
  return Array.from({ length: ANSWERS }, (_, n): JudgedAnswer => {
    const [opening, topic, ending] = [OPENINGS, TOPICS, ENDINGS].map((parts) =>
      random.pick(Object.entries(parts)),
    );
    const logit = BASE + [opening, topic, ending].reduce((sum, part) => sum + (part?.[1] ?? 0), 0);
    const probability = 1 / (1 + Math.exp(-logit));
    return {
      turn: answered(
        `tell me about ${topic?.[0] ?? ''}`,
        `${opening?.[0] ?? ''}, ${topic?.[0] ?? ''}. ${ending?.[0] ?? ''}`,
      ),
      label: random.chance(probability) ? 1 : 0,
      group: `turn ${n}`,
      probability,
    };
  });
}
