import { SIGNS_IN_WORDS } from '../gaming/tripwires.ts';
import type { CardQuestions } from '../questions/model-answers.ts';
import { adversariesSvg } from './adversaries-svg.ts';
import { foresightSvg } from './foresight-svg.ts';
import { escaped, section, table, type Row } from './html.ts';

/** The part of the page that says what the figures cannot. */
export function questionsSections(questions: CardQuestions | undefined): readonly string[] {
  if (questions === undefined)
    return [
      section('What the figures cannot say', '<p>An earlier Heed wrote this card: it did not ask.</p>'),
    ];
  const { foresight, adversaries, gaming } = questions;
  return [
    section('Whether its predictions come true', ...foresightParts(foresight)),
    section('Who can move it', ...adversariesParts(adversaries)),
    section('Whether it would be gamed', ...gamingParts(gaming)),
  ];
}

function foresightParts(answer: CardQuestions['foresight']): readonly string[] {
  if (!answer.answered) return [told(answer.why)];
  return [
    told(answer.says),
    foresightSvg(answer.policies),
    table(
      ['policy', 'predicted', '95 % by prompts', 'observed', 'of examples'],
      answer.policies.map(({ policy, predicted, interval, observed, examples }): Row => [
        policy,
        predicted.toFixed(3),
        interval === undefined ? '' : `${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`,
        observed.toFixed(3),
        examples,
      ]),
    ),
    told(
      answer.prompts === 0
        ? 'Predicted on the requests that each policy got.'
        : `Predicted on ${answer.prompts} prompts that all of them answered.`,
    ),
    ...(answer.leftOut.length === 0
      ? []
      : [told(`Left out, with too few rated answers: ${answer.leftOut.join(', ')}.`)]),
  ];
}

function adversariesParts(answer: CardQuestions['adversaries']): readonly string[] {
  if (!answer.answered) return [told(answer.why)];
  const { target, turns, users, judgedOn, says } = answer;
  return [
    told(
      `They love ${target}, on purpose. Learned again from ${turns} turns of ${users} users and judged on ${judgedOn} later ones. The other dots are without the caps.`,
    ),
    adversariesSvg(answer),
    told(says),
  ];
}

function gamingParts(answer: CardQuestions['gaming']): readonly string[] {
  if (!answer.answered) return [told(answer.why)];
  const { prompts, answers, beside, runs, says } = answer;
  const rows = runs.flatMap(({ best, without, rows: own }) =>
    [{ weight: 0, signs: without, tripped: [] }, ...own].map(({ weight, signs, tripped }): Row => [
      best,
      weight,
      percent(signs.closingPhrases),
      percent(signs.conversationEnds),
      percent(signs.repetitionWithin),
      percent(signs.repetitionBetween),
      signs.pairwiseMeteor.toFixed(3),
      signs.words.toFixed(1),
      tripped.map((name) => SIGNS_IN_WORDS[name]).join(', '),
    ]),
  );
  return [
    told(says),
    told(
      `The best of so many answers by ${beside === 'base' ? 'their worth' : 'how often the log has them'} and, weighed, the model; on ${prompts} prompts with ${answers} answers. Nothing here reads the score.`,
    ),
    table(
      [
        'best of',
        'weight',
        'closing phrases',
        'ends the talk',
        'repetition within',
        'and between answers',
        'METEOR',
        'words',
        'tripwires that fire',
      ],
      rows,
    ),
  ];
}

function told(text: string): string {
  return `<p>${escaped(text)}</p>`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
