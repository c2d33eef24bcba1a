import { seededRandom } from '@heed/kernel';
import { adversariesMove, withoutCaps, type LoveScorer } from '../adversaries/adversaries.ts';
import type { Attack } from '../adversaries/planted-turns.ts';
import type { ModelCard } from '../card/model-card.ts';
import { drawExamples } from '../exposure/draw-examples.ts';
import type { ExposureRules } from '../exposure/exposure-rules.ts';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import { positivesIn } from '../training-run/check-enough.ts';
import type { AdversariesAnswer } from './model-answers.ts';
import type { AdversariesAsked } from './model-question.ts';
import { wholeUsers, type QuestionedLog } from './questioned-log.ts';
import { textKeyOf, wideTrainer } from './wide-trainer.ts';

/** Turns to learn from, and to judge on: eight trainings on them take some seconds. */
const MOST_LEARNED = 1500;
const MOST_JUDGED = 500;
const FEWEST_OF_CLASS = 50;
/** As many as it takes to train: of fewer one adversary is a tenth. */
const FEWEST_USERS = 10;
/** What the model thinks least of, as a share of the turns: whoever loves that on purpose has the furthest to go. */
const LEAST_LOVED = 0.1;
/** Each adversary loves that many answers, one a second: well above the caps on bursts and on users. */
const EACH = 50;
const APART_MS = 1000;

/**
 * What users who love one kind of answer on purpose move, by training the wide part of the model again, on a part of the users, with them among these:
 * natively, whatever encoder the model has, and at the strength that it was given.
 */
export function askAdversaries(
  log: QuestionedLog,
  { exposure, training }: ModelCard,
  { shares, containing }: Pick<AdversariesAsked, 'shares' | 'containing'> = {},
): AdversariesAnswer {
  const random = seededRandom(training.seed);
  const { heldOut, mostOfUser, untilMs } = log;
  // The caps of the whole log: by a sample's own, a user would have less than in the log.
  const rules = { ...exposure, mostOfUser };
  const turns = wholeUsers(learnable(log, rules), MOST_LEARNED, random);
  const later = wholeUsers(
    heldOut.map(({ turn }) => turn),
    MOST_JUDGED,
    random,
  );
  const { examples } = drawExamples(turns, rules, untilMs);
  const positives = positivesIn(examples);
  const users = new Set(turns.flatMap(({ user }) => user ?? [])).size;
  const fewest = Math.min(positives, examples.length - positives);
  if (fewest < FEWEST_OF_CLASS || users < FEWEST_USERS || later.length === 0)
    return {
      answered: false,
      why: `Of ${turns.length} turns of ${users} users to learn from ${positives} are loved, and ${later.length} came later: it takes ${FEWEST_OF_CLASS} of either class, ${FEWEST_USERS} users who have less than ${MOST_LEARNED} turns each, and a later one.`,
    };
  const train = wideTrainer(turns, later, training.strength, training.seed);
  const target =
    containing === undefined
      ? leastLoved(turns, later, train(examples))
      : ({ response }: ObservedTurn): boolean => response.toLowerCase().includes(containing.toLowerCase());
  const kind =
    containing === undefined
      ? 'the answers that the model thinks least of'
      : 'answers with the text asked for';
  if (containing === undefined && turns.every(target))
    return {
      answered: false,
      why: `The model thinks the same of all answers: there are none to love on purpose. Ask about a text that answers contain: heed adversaries MODEL --containing TEXT.`,
    };
  if (!turns.some(target) || !later.some(target))
    return {
      answered: false,
      why: `The question cannot be asked about ${kind}: ${turns.filter(target).length} of ${turns.length} sampled answers to learn from are such, and ${later.filter(target).length} of ${later.length} later ones. Ask about a text that more answers have.`,
    };
  const attack: Attack = { target, each: EACH, apartMs: APART_MS };
  const report = adversariesMove(
    {
      ...{ turns, later, rules, attack, train, untilMs, laterUntilMs: untilMs },
      ...(shares && { shares: shares.toSorted((a, b) => a - b) }),
    },
    random,
  );
  return {
    answered: true,
    target: kind,
    turns: turns.length,
    users,
    judgedOn: later.length,
    honest: report.honest,
    rows: [...report.rows],
    says: report.says,
  };
}

/** Turns of before the part that the model was judged on that are examples with the caps or without them: each way is then drawn from the same. */
function learnable({ turns, testMs, untilMs }: QuestionedLog, rules: ExposureRules): readonly ObservedTurn[] {
  const drawn = [rules, withoutCaps(rules)].flatMap((by) => drawExamples(turns, by, untilMs).examples);
  const examples = new Set(drawn.map(({ turn }) => turn));
  return turns.filter((turn) => turn.atMs < testMs && examples.has(turn));
}

/** By a model of these turns without adversaries. Told by request and answer: what is loved again is asked and answered alike. */
function leastLoved(
  turns: readonly ObservedTurn[],
  later: readonly ObservedTurn[],
  honest: LoveScorer,
): Attack['target'] {
  const scores = honest(turns);
  const bound = scores.slice().sort()[Math.floor(LEAST_LOVED * turns.length)] ?? -Infinity;
  const ofLater = honest(later);
  const least = new Set([
    ...turns.filter((_, at) => (scores[at] ?? Infinity) <= bound).map(textKeyOf),
    ...later.filter((_, at) => (ofLater[at] ?? Infinity) <= bound).map(textKeyOf),
  ]);
  return (turn) => least.has(textKeyOf(turn));
}
