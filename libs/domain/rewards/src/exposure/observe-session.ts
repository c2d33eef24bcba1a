import type { SessionId } from '@heed/kernel';
import type { Reading } from '../features/feature-reader.ts';
import type { ObservedReaction, ObservedTurn } from './observed-turn.ts';
import type { SessionTurn } from './session-turn.ts';
import { statedVerdicts } from './stated-verdicts.ts';

/** Turns before the one that is judged, of which its context is made. */
const CONTEXT_TURNS = 4;

const REACTION = 'reaction.';
const BEHAVIOUR = 'behaviour.';
const DWELLED = 'behaviour.dwelled';

/** The answers of the turns that had any sent on their own, in their order, and since when each stood; what is of no turn here came with it. */
type GivenAnswers = ReadonlyMap<string, readonly { readonly atMs: number; readonly text: string }[]>;

/**
 * The turns of a session, in time order, each as a model of the reading may know it: of `answer` nothing that came after it but its reactions. Its answer is
 * the one that its last reaction was given to, with the reactions to that one alone; where there is no reaction, its last. One reacted to before it was
 * answered has none.
 */
export function observeSession(
  session: SessionId,
  turns: readonly SessionTurn[],
  answers: GivenAnswers,
  reading: Reading,
): readonly ObservedTurn[] {
  return turns.map((own, at) => ({
    turn: own.turn,
    event: own.event,
    session,
    atMs: own.atMs,
    ...(own.user !== undefined && { user: own.user }),
    ...(own.locale !== undefined && { locale: own.locale }),
    ...(own.surface !== undefined && { surface: own.surface }),
    context: contextOf(turns.slice(Math.max(0, at - CONTEXT_TURNS), at), own, answers),
    ...(reading === 'aftermath' && {
      aftermath: aftermathOf(own, turns[at + 1], at),
      ...(own.ruledDefect !== undefined && { ruledDefect: own.ruledDefect }),
      ...(own.keptByRules && { keptByRules: true }),
    }),
    ...judgedOf(own, answers, reading),
  }));
}

function judgedOf(
  own: SessionTurn,
  answers: GivenAnswers,
  reading: Reading,
): Pick<ObservedTurn, 'response' | 'reactions' | 'answeredBy'> {
  const reactions = reading === 'aftermath' ? statedVerdicts(own, reactionsTo(own)) : reactionsTo(own);
  const lastMs = reactions.reduce((last, { atMs }) => Math.max(last, atMs), -Infinity);
  const response = answerAt(own, reactions.length === 0 ? Infinity : lastMs, answers);
  return {
    response,
    // Of an answer that another took the place of, nobody noted whose it was.
    ...(own.responseModel !== undefined && own.response === response && { answeredBy: own.responseModel }),
    reactions: reactions.filter(({ atMs }) => answerAt(own, atMs, answers) === response),
  };
}

/** The answer that a turn had at that moment, '' where it had none. */
function answerAt({ turn, response = '' }: SessionTurn, atMs: number, answers: GivenAnswers): string {
  const given = answers.get(turn);
  return given === undefined ? response : (given.findLast((one) => one.atMs <= atMs)?.text ?? '');
}

function contextOf(
  earlier: readonly SessionTurn[],
  { request, atMs }: SessionTurn,
  answers: GivenAnswers,
): ObservedTurn['context'] {
  return [
    ...earlier.flatMap((turn) => {
      const answer = answerAt(turn, atMs, answers);
      return [
        { role: 'user' as const, text: turn.request },
        ...(answer === '' ? [] : [{ role: 'assistant' as const, text: answer }]),
      ];
    }),
    { role: 'user', text: request },
  ];
}

function aftermathOf(
  { atMs, latencyMs = 0, signals }: SessionTurn,
  next: SessionTurn | undefined,
  turnsBefore: number,
): NonNullable<ObservedTurn['aftermath']> {
  const dwells = signals.flatMap(({ kind, value }) => (kind === DWELLED ? (value ?? []) : []));
  return {
    next: next?.request ?? '',
    ...(next !== undefined && { pauseMs: Math.max(0, next.atMs - atMs - latencyMs) }),
    behaviour: signals.flatMap(({ kind }) => wordAfter(BEHAVIOUR, kind)),
    ...(dwells.length > 0 && { dwellMs: Math.max(...dwells) }),
    turnsBefore,
  };
}

function reactionsTo({ signals }: SessionTurn): readonly ObservedReaction[] {
  return signals.flatMap(({ event, kind: named, atMs, user }) =>
    wordAfter(REACTION, named).map((kind) => ({ event, kind, atMs, ...(user !== undefined && { user }) })),
  );
}

function wordAfter(prefix: string, kind: string): readonly string[] {
  return kind.startsWith(prefix) ? [kind.slice(prefix.length)] : [];
}
