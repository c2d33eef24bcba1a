import type { TenantId } from '@heed/kernel';
import { withoutByteOrderMark } from './decode-body.ts';
import { isObject } from './envelope.ts';
import type { NewLogEntry } from './event-log.ts';
import { readJson } from './read-json.ts';

/** Whom a text is about, as far as it can be forgotten: a user, or a session when nobody is named. */
export interface DataSubject {
  readonly kind: 'user' | 'session';
  readonly tenant: TenantId;
  readonly id: string;
}

/** What holds somebody's words although it may name nobody. A turn without a user is nobody's, by the application's own word. */
const WORDS_OF_A_SESSION = /^heed\.(?:response|comment|annotation|comparison|stage)\.v\d+$/u;

/** What names a user to have them forgotten must outlive the forgetting. */
const ERASURE = /^heed\.erasure\.v\d+$/u;

/**
 * Whose an entry is: the user whom its `data.user` names, be it an event or a dead letter that could be read so far; else the session's,
 * when it is of a kind that quotes people. Undefined for everything else, nearly always without parsing it.
 */
export function dataSubjectOf({
  tenant,
  session,
  body,
}: Pick<NewLogEntry, 'tenant' | 'session' | 'body'>): DataSubject | undefined {
  if (!mayHaveSubject(body)) return undefined;
  const read = readJson(withoutByteOrderMark(body));
  if (!read.ok || !isObject(read.value)) return undefined;
  const { type, data } = read.value;
  if (!isObject(data)) return undefined;
  const named = typeof type === 'string' ? type : '';
  if (ERASURE.test(named)) return undefined;
  const { user } = data;
  if (typeof user === 'string' && user !== '') return { kind: 'user', tenant, id: user };
  if (session === '' || !(WORDS_OF_A_SESSION.test(named) || isEdit(named, data))) return undefined;
  return { kind: 'session', tenant, id: session };
}

/** The names that decide stand in the text as they are, unless a sender escapes letters. */
function mayHaveSubject(body: string): boolean {
  return (
    body.includes('"user"') ||
    body.includes('\\u') ||
    /"heed\.(?:response|comment|annotation|comparison|stage|behaviour)\./u.test(body)
  );
}

function isEdit(type: string, data: Readonly<Record<string, unknown>>): boolean {
  return /^heed\.behaviour\.v\d+$/u.test(type) && ('before' in data || 'after' in data);
}
