import type { TenantId } from '@heed/kernel';
import { withoutByteOrderMark } from './decode-body.ts';
import { isObject } from './envelope.ts';
import type { HeedEvent } from './event.ts';
import { readJson } from './read-json.ts';

/** Whom a text is about, as far as it can be forgotten: a user, or a session when nobody is named. */
export interface DataSubject {
  readonly kind: 'user' | 'session';
  readonly tenant: TenantId;
  readonly id: string;
}

/** What holds somebody's words although it may name nobody. A turn without a user is nobody's, by the application's own word. */
const WORDS_OF_A_SESSION: ReadonlySet<string> = new Set([
  'response',
  'comment',
  'annotation',
  'comparison',
  'stage',
]);

/** What names a user to have them forgotten must outlive the forgetting. */
const ERASURE = 'erasure';

const TYPE = /^heed\.(?<name>[a-z]+)\.v\d+$/u;

/**
 * Whose an entry is: the user whom its `data.user` names, be it an event or a dead letter that could be read so far; else the session's,
 * when it is of a kind that quotes people. Undefined for everything else, nearly always without parsing it.
 */
export function dataSubjectOf({
  tenant,
  session,
  body,
}: {
  readonly tenant: TenantId;
  readonly session: string;
  readonly body: string;
}): DataSubject | undefined {
  if (!mayHaveSubject(body)) return undefined;
  const read = readJson(withoutByteOrderMark(body));
  if (!read.ok || !isObject(read.value)) return undefined;
  const { type, data } = read.value;
  if (!isObject(data)) return undefined;
  const name = typeof type === 'string' ? TYPE.exec(type)?.groups?.['name'] : undefined;
  return subjectIn({ name, data }, { tenant, session, body });
}

/** The same of an event that is parsed already, and the text that it was parsed from. */
export function subjectOfEvent(
  { name, data, session }: Pick<HeedEvent, 'name' | 'data' | 'session'>,
  from: { readonly tenant: TenantId; readonly body: string },
): DataSubject | undefined {
  return subjectIn({ name, data }, { ...from, session });
}

function subjectIn(
  {
    name = '',
    data,
  }: { readonly name: string | undefined; readonly data: Readonly<Record<string, unknown>> },
  { tenant, session, body }: { readonly tenant: TenantId; readonly session: string; readonly body: string },
): DataSubject | undefined {
  if (name === ERASURE) return undefined;
  const user = userIn(data, body);
  if (user !== '') return { kind: 'user', tenant, id: user };
  if (session === '' || !(WORDS_OF_A_SESSION.has(name) || isEdit(name, data))) return undefined;
  return { kind: 'session', tenant, id: session };
}

/**
 * An event of a type that has users is none when its user is no text, and becomes a dead letter; other types do not look. A number says all the same whose words
 * those are: the user's whom the corrected event names.
 */
function userIn({ user }: Readonly<Record<string, unknown>>, body: string): string {
  if (typeof user === 'string') return user;
  if (typeof user !== 'number') return '';
  return Number.isSafeInteger(user) ? String(user) : exactUser(body);
}

/**
 * Digit for digit as it was sent: rounded, as numbers are when they are read, two users would be one, and forgotten with each other. The engine tells a reviver
 * the text of each number; the compiler's library does not know it yet.
 */
function exactUser(body: string): string {
  const event: unknown = JSON.parse(
    withoutByteOrderMark(body),
    (_key, value: unknown, ...[context]: readonly unknown[]) =>
      typeof value === 'number' && isObject(context) ? context['source'] : value,
  );
  const data = isObject(event) ? event['data'] : undefined;
  const user = isObject(data) ? data['user'] : undefined;
  return typeof user === 'string' ? user : '';
}

/** The names that decide stand in the text as they are, unless a sender escapes letters. */
function mayHaveSubject(body: string): boolean {
  return (
    body.includes('"user"') ||
    body.includes('\\u') ||
    /"heed\.(?:response|comment|annotation|comparison|stage|behaviour)\./u.test(body)
  );
}

function isEdit(name: string, data: Readonly<Record<string, unknown>>): boolean {
  return name === 'behaviour' && ('before' in data || 'after' in data);
}
