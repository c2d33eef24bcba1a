import { markerOf } from './marker.ts';
import { isKept, isObject, REDACTABLE_DATA, type Redactable } from './redactable-data.ts';
import { count, Effort, redactText, type Redactions } from './redact-text.ts';
import type { FieldRule, RedactionRules } from './redaction-rules.ts';
import { rewriteJson, type JsonPlace } from './rewrite-json.ts';

export type Body = string | Uint8Array;

export interface RedactedBody {
  /** The very same as was given when nothing matched. */
  readonly body: Body;
  /** How often each rule took something out; empty when none did. */
  readonly redactions: ReadonlyMap<string, number>;
}

/** The outside of an event: what makes it one. */
const ENVELOPE = new Set([
  'specversion',
  'id',
  'source',
  'type',
  'subject',
  'time',
  'datacontenttype',
  'dataschema',
]);

/** What an import says of a row that it could not turn into an event. */
const REJECTED_ROW: Redactable = {
  members: new Map<string, Redactable>([
    ['file', 'text'],
    ['line', { keeps: () => false }],
    ['problem', 'text'],
    ['row', 'free'],
  ]),
  others: 'free',
};

/**
 * One event as it came in, with everything taken out that a rule names. What makes it an event stays, and so does every other
 * character. In what is no JSON there are no fields: patterns are applied to the text itself, and a field is looked for as `"name": value`.
 * Never throws; the same bytes give the same bytes; doing it again changes nothing.
 */
export function redactBody(body: Body, rules: RedactionRules): RedactedBody {
  const redactions: Redactions = new Map();
  const effort = new Effort();
  const text = typeof body === 'string' ? body : utf8(body);
  if (text === undefined && typeof body !== 'string') {
    const raw = redactText(oneUnitAByte(body), rules.raw, effort, redactions);
    return { body: redactions.size === 0 ? body : bytesOf(raw), redactions };
  }
  const given = text ?? '';
  const parsed = parse(given);
  const result =
    parsed === undefined
      ? redactText(given, rules.raw, effort, redactions)
      : rewriteJson(given, rootOf(parsed.value, new Redactor(rules, effort, redactions)));
  return { body: result === given ? body : result, redactions };
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** What is to be done, and what was done so far, in one body. */
class Redactor {
  readonly #rules: RedactionRules;
  readonly #effort: Effort;
  readonly #redactions: Redactions;

  constructor(rules: RedactionRules, effort: Effort, redactions: Redactions) {
    this.#rules = rules;
    this.#effort = effort;
    this.#redactions = redactions;
  }

  text(value: string): string {
    return value === '' ? value : redactText(value, this.#rules.patterns, this.#effort, this.#redactions);
  }

  whole(value: string, { name }: FieldRule): string {
    const marker = markerOf(name);
    if (value !== marker) count(this.#redactions, name);
    return marker;
  }

  ruleFor(key: string, path: string): FieldRule | undefined {
    return this.#rules.fields.find(({ field }) => field === key || field === path);
  }
}

function rootOf(value: unknown, redactor: Redactor): JsonPlace {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return new Place(redactor, 'free', '');
  const type: unknown = 'type' in value ? value.type : undefined;
  const data = (typeof type === 'string' ? REDACTABLE_DATA.get(type) : undefined) ?? 'free';
  const hasData = 'data' in value;
  const anything = new Place(redactor, 'free', '');
  return {
    member: (key) => {
      if (key === 'data') return new Place(redactor, data, '');
      if (key === 'heed.rejectedRow') return new Place(redactor, REJECTED_ROW, '');
      return hasData || ENVELOPE.has(key) ? undefined : anything.member(key);
    },
    key: (key) => (hasData || ENVELOPE.has(key) ? key : anything.key(key)),
    text: (text) => text,
    scalar: () => undefined,
  };
}

/** A place in an event's data. */
class Place implements JsonPlace {
  readonly #redactor: Redactor;
  readonly #shape: Redactable;
  /** From the data down, with dots; lists are not part of it. */
  readonly #path: string;
  /** The rule that names this field or one that it is in. */
  readonly #rule: FieldRule | undefined;

  constructor(redactor: Redactor, shape: Redactable, path: string, rule?: FieldRule) {
    this.#redactor = redactor;
    this.#shape = shape;
    this.#path = path;
    this.#rule = rule;
  }

  member(key: string): JsonPlace {
    const path = this.#path === '' ? key : `${this.#path}.${key}`;
    return new Place(
      this.#redactor,
      this.#shapeOf(key),
      path,
      this.#rule ?? this.#redactor.ruleFor(key, path),
    );
  }

  /** The schema's own keys stay; those that a sender made up are texts like any other. */
  key(key: string): string {
    return isObject(this.#shape) && this.#shape.members.has(key) ? key : this.#redactor.text(key);
  }

  text(value: string): string {
    if (value === '' || (isKept(this.#shape) && this.#shape.keeps(value))) return value;
    return this.#rule === undefined ? this.#redactor.text(value) : this.#redactor.whole(value, this.#rule);
  }

  scalar(token: string): string | undefined {
    if (this.#rule === undefined || this.#shape !== 'free' || token === 'null') return undefined;
    return this.#redactor.whole(token, this.#rule);
  }

  #shapeOf(key: string): Redactable {
    return isObject(this.#shape) ? (this.#shape.members.get(key) ?? this.#shape.others) : 'free';
  }
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes that are no UTF-8 as a text in which each is one character, so that what is not taken out comes back to the byte. */
function oneUnitAByte(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
