import { normaliseText } from '@heed/kernel';

/**
 * Stands between a request's state and the fix that served it, and tells a served state from others. Neither has it inside: a
 * normalised text and an id have no control character, and in an interpretation it is escaped.
 */
export const SERVED_BY = '\u001f';

/** What the application understood a request to be. */
export interface Interpretation {
  readonly intent: string;
  readonly slots?: Readonly<Record<string, string>> | undefined;
}

export interface NamedRequest {
  readonly request: string;
  /** As written by `stateOfInterpretation`. */
  readonly interpretation?: string;
  readonly servedFix?: string;
}

/**
 * The chain's name for a turn's request: the interpretation when the app sent one, else the normalised text. A turn served
 * under a fix is a state of its own, so that what a fix brings about is never counted as what happens without it.
 *
 * @example stateOf({ request: 'Play Maj and Dragons!' }) // 'play maj and dragons'
 */
export function stateOf(turn: NamedRequest): string {
  const said = turn.interpretation ?? normaliseText(turn.request);
  return turn.servedFix === undefined ? said : said + SERVED_BY + turn.servedFix;
}

/**
 * An interpretation as one line, slots in order of their names (by code unit), so that the same understanding has one name, and
 * another one another: `{`, `}`, `,`, `=` and `\` in names and values stand behind a backslash, control characters as `\uXXXX`.
 * The closing brace tells it from every text: a normalised text has none at its end, so the intent `weather` is not the
 * request "weather", nor even "weather{}".
 *
 * @example stateOfInterpretation({ intent: 'play', slots: { b: 'y', a: 'x' } }) // 'play{a=x,b=y}'
 */
export function stateOfInterpretation({ intent, slots = {} }: Interpretation): string {
  const pairs = Object.entries(slots)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`);
  return `${escaped(intent)}{${pairs.join(',')}}`;
}

function escaped(text: string): string {
  return text.replace(/[{},=\\]/g, '\\$&').replace(/\p{Cc}/gu, escapedControl);
}

function escapedControl(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
