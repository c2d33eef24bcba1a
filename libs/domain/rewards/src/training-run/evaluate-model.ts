import { Fault } from '@heed/kernel';
import { judgedFiguresOf } from '../card/judged-figures.ts';
import type { LaterFigures, ModelCard } from '../card/model-card.ts';
import { drawExamples, type Examples } from '../exposure/draw-examples.ts';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import type { ReadableTurn } from '../features/feature-reader.ts';
import type { Scores } from '../reward-head.ts';
import { rulesFiguresOf } from '../card/rules-figures.ts';
import { compareWithRules } from './compare-with-rules.ts';
import { eventsIn } from './event-set.ts';
import { evidenceWords } from './evidence-words.ts';
import { judgeExamples } from './judge-examples.ts';
import { lastMomentOf } from './train-model.ts';

/**
 * Examples by the rules of the model's card, of turns of sessions that it does not rest on; with `isLater`, only of those that came after all it does rest on.
 * Throws Fault `evaluation-nothing` when there are none, or all are of one class.
 */
export async function evaluateModel(
  turns: readonly ObservedTurn[],
  card: ModelCard,
  isLater: boolean,
  score: (turns: readonly ReadableTurn[]) => Promise<Scores>,
): Promise<LaterFigures> {
  const isBehind = eventsIn(card.events);
  const behind = turns.filter(({ event }) => isBehind(event));
  const endMs = isLater ? Date.parse(card.window.to) : -Infinity;
  const later = turns.filter(({ event, atMs }) => atMs > endMs && !isBehind(event));
  const sessions = new Set(behind.map(({ session }) => session));
  const unseen = later.filter(({ session }) => !sessions.has(session));
  // Apart: reactions that were learned from use up nobody's share of what is judged; who reacts, all of them tell.
  const seen = new Set(unseen);
  const others = turns.filter((turn) => !seen.has(turn));
  const drawn = drawExamples(unseen, card.exposure, lastMomentOf(turns), others);
  const { examples, positives, negatives } = drawn;
  if (Math.min(positives, negatives) === 0) throw nothingToJudgeBy(card, drawn, isLater);
  const { probabilities } = await score(examples.map(({ turn }) => turn));
  const knownUsers = new Set(behind.flatMap(({ user }) => user ?? []));
  const judgement = judgeExamples(examples, probabilities, card.baselines, knownUsers, card.training.seed);
  const besideRules =
    card.rules && compareWithRules(examples, probabilities, card.rules.threshold, card.training.seed);
  return {
    model: card.model,
    trainedOn: behind.length,
    straddling: later.length - unseen.length,
    ...judgedFiguresOf(judgement),
    ...(besideRules && { rules: rulesFiguresOf(besideRules) }),
  };
}

function nothingToJudgeBy(
  { model, purpose, window, exposure }: ModelCard,
  { turns, examples, reactions, positives }: Examples,
  later: boolean,
): Fault {
  const words = evidenceWords(purpose);
  const where = later
    ? `after ${window.to}, the end of what ${model} was trained on`
    : `that ${model} was not trained on`;
  const what =
    examples.length === 0
      ? `No turn ${where} is an example`
      : `All ${examples.length} examples ${where} are ${positives === 0 ? 'negative' : 'positive'}`;
  return new Fault(
    'evaluation-nothing',
    `${what}: there are ${turns} such turns, with ${reactions} ${words.many} that count.`,
    `Both classes are needed, thirty of each for figures that say something; positive is ${exposure.positive.join(' or ')}. Give a file of later events with --from FILE, or wait for ${words.many}.`,
  );
}
