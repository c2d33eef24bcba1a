import type { CloudEvent } from '@heed/events';
import { err, ok, type Result } from '@heed/kernel';
import type { EventDraft } from './event-draft.ts';
import { eventIdOf } from './event-id-of.ts';
import { outcomesReader, ratingsReader } from './feedback-reader.ts';
import { optionalReader } from './field-reader.ts';
import { idleGapSessions, type IdleGapOptions } from './idle-gap-sessions.ts';
import type { Note } from './mapped-turn.ts';
import type { MappingProblem } from './mapping-problem.ts';
import type { Mapping } from './mapping.ts';
import { messagesReader } from './messages-reader.ts';
import { asText } from './read-scalar.ts';
import { turnClock } from './turn-clock.ts';
import { turnEvents } from './turn-events.ts';
import { turnsReader } from './turns-reader.ts';
import { withoutUndefined } from './without-undefined.ts';

/** Where a record stands in its file. */
export interface RecordPosition {
  /** Counted from 0, skipped and faulty records too. */
  readonly record: number;
  /** From 1, for the message about a faulty one. */
  readonly line?: number;
}

export interface RecordMapperOptions extends IdleGapOptions {
  /** SHA-256 of a text in hexadecimal. */
  readonly sha256: (text: string) => string;
}

/** The events of one record, none when the mapping skips it; or what is wrong with it. */
export type RecordMapper = (
  record: unknown,
  position: RecordPosition,
) => Result<readonly CloudEvent[], MappingProblem>;

const DIGEST_LENGTH = 16;

/**
 * Compiles a mapping to a function that is called with every record of a file, in order. It remembers the open sessions of
 * users where the log has no sessions of its own; an import that resumes therefore lets it see the records again that are in
 * already, and drops what comes of them.
 */
export function recordMapper(mapping: Mapping, options: RecordMapperOptions): RecordMapper {
  const draftsOf = draftsReader(mapping);
  const [session, user] = [optionalReader(mapping.session), optionalReader(mapping.user)];
  const sessionByGap = idleGapSessions(options);
  const isFlat = mapping.turns !== undefined && mapping.turns.each === undefined;
  const source = `/import/${mapping.name}`;

  return (record, position) => {
    const details: string[] = [];
    const note: Note = (detail) => details.push(detail);
    const who = asText(user(record));
    const { drafts, beginMs } = draftsOf(record, position, who, note);
    const digest = options.sha256(JSON.stringify(record)).slice(0, DIGEST_LENGTH);
    const sessionOf = (): string | undefined => {
      const named = asText(session(record));
      if (named !== undefined) return named;
      if (!isFlat) return `${mapping.name}-${position.record + 1}-${digest}`;
      return who === undefined ? undefined : sessionByGap(who, beginMs);
    };
    if (details.length > 0) return err(problemOf(details, position));
    if (drafts.length === 0) return ok([]);
    const subject = sessionOf();
    if (subject === undefined) return err(problemOf(['it has neither a session nor a user'], position));
    const idOf = (part: string): string =>
      eventIdOf({ sourceName: mapping.name, record: position.record, digest, part });
    return ok(drafts.map(({ part, finish }) => finish({ id: idOf(part), session: subject, source })));
  };
}

interface RecordDrafts {
  readonly drafts: readonly EventDraft[];
  /** Time of the first turn. */
  readonly beginMs: number;
}

type DraftsReader = (
  record: unknown,
  position: RecordPosition,
  user: string | undefined,
  note: Note,
) => RecordDrafts;

function draftsReader(mapping: Mapping): DraftsReader {
  const { rule, readTurns, isFlat } = shapeOf(mapping);
  const [clock, eventsOf] = [turnClock(mapping, rule), turnEvents(mapping, rule)];
  const [ratings, outcomes] = [ratingsReader(mapping.ratings), outcomesReader(mapping.outcomes)];
  return (record, position, user, note) => {
    let [beginMs, endMs] = [Infinity, -Infinity];
    const drafts = readTurns(record, note).flatMap((turn, index) => {
      const place = isFlat ? position.record : index;
      const time = clock(record, turn, place, note);
      if (time === undefined) return [];
      const { timeMs, isSynthetic } = time;
      [beginMs, endMs] = [Math.min(beginMs, timeMs), Math.max(endMs, timeMs)];
      const id = turn.id ?? String(place + 1);
      const where = { record, turn: id, timeMs, isTimeSynthetic: isSynthetic, part: String(index) };
      return eventsOf(turn, user === undefined ? where : { ...where, user }, note);
    });
    if (drafts.length === 0) return { drafts, beginMs };
    const target = withoutUndefined({ user, timeMs: endMs, part: '' });
    return {
      drafts: [...drafts, ...ratings(record, target, note), ...outcomes(record, target, note)],
      beginMs,
    };
  };
}

function shapeOf(mapping: Mapping) {
  const { turns, messages } = mapping;
  if (messages !== undefined) return { rule: messages, readTurns: messagesReader(messages), isFlat: false };
  if (turns !== undefined)
    return { rule: turns, readTurns: turnsReader(turns), isFlat: turns.each === undefined };
  throw new RangeError('a mapping that was read has either turns or messages');
}

function problemOf(details: readonly string[], { record, line }: RecordPosition): MappingProblem {
  return {
    record: record + 1,
    ...(line === undefined ? {} : { line }),
    detail: details.join('; '),
    remedy: 'correct the record or the mapping and import the file again; what is in already stays as it is',
  };
}
