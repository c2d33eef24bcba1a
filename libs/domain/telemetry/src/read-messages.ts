import type { Media, Message, ToolCall, ToolResult } from './message.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The messages in an attribute's value: a JSON text or the value itself, a list or one message, plain text included. Reads the
 * `parts` of the current conventions and the `content` and `tool_calls` of the providers' own shapes. What it does not know it passes
 * over; it never throws.
 *
 * @param role of what names none
 * @example readMessages('[{"role":"user","parts":[{"type":"text","content":"play jazz"}]}]', 'user')
 */
export function readMessages(value: unknown, role: string): readonly Message[] {
  const given = typeof value === 'string' ? parsed(value) : value;
  if (given === undefined || given === null || given === '') return [];
  return (Array.isArray(given) ? given : [given]).flatMap((message) => readMessage(message, role));
}

function readMessage(element: unknown, role: string): readonly Message[] {
  // OpenAI wraps an answer as { index, message, finish_reason }.
  const given = isFields(element) && isFields(element['message']) ? element['message'] : element;
  if (typeof given === 'string') return [messageOf(role, [{ text: given }])];
  if (!isFields(given)) return [];
  const own = textOf(given['role']) || role;
  const listed = [given['parts'], given['content']].flatMap((parts) => piecesOf(parts));
  const called = asList(given['tool_calls']).map((call): Piece => ({ call: callOf(call) }));
  if (own !== 'tool' || listed.some(({ result }) => result !== undefined))
    return [messageOf(own, [...listed, ...called])];
  const text = joined(listed);
  return [messageOf(own, [{ result: { id: idOf(given), text } }])];
}

/** One of these stands in each part of a message. */
interface Piece {
  readonly text?: string;
  readonly call?: ToolCall | undefined;
  readonly result?: ToolResult;
  readonly media?: Media | undefined;
}

function messageOf(role: string, pieces: readonly Piece[]): Message {
  return {
    role: role.toLowerCase(),
    text: joined(pieces),
    calls: pieces.flatMap(({ call }) => call ?? []),
    results: pieces.flatMap(({ result }) => result ?? []),
    media: pieces.flatMap(({ media }) => media ?? []),
  };
}

function joined(pieces: readonly Piece[]): string {
  return pieces.flatMap(({ text }) => (text === undefined || text === '' ? [] : [text])).join('\n');
}

function piecesOf(parts: unknown): readonly Piece[] {
  if (typeof parts === 'string') return [{ text: parts }];
  return asList(parts).map(pieceOf);
}

function pieceOf(part: unknown): Piece {
  if (typeof part === 'string') return { text: part };
  if (!isFields(part)) return {};
  switch (part['type']) {
    case undefined:
    case 'text':
    case 'input_text':
    case 'output_text':
      return { text: textOf(part['content']) || textOf(part['text']) };
    case 'tool_call':
    case 'tool_use':
      return { call: callOf(part) };
    case 'tool_call_response':
    case 'tool_result':
      return {
        result: {
          id: idOf(part),
          text: asText(part['response'] ?? part['result'] ?? part['content']),
        },
      };
    case 'uri':
      return { media: mediaOf(part['uri'], part['mime_type'] ?? part['modality']) };
    case 'image_url': {
      const image = part['image_url'];
      return { media: mediaOf(isFields(image) ? image['url'] : image, 'image') };
    }
    default:
      return {};
  }
}

function callOf(given: unknown): ToolCall | undefined {
  if (!isFields(given)) return undefined;
  const call = isFields(given['function']) ? given['function'] : given;
  const tool = textOf(call['name']);
  if (tool === '') return undefined;
  return { id: idOf(given), tool, arguments: asText(call['arguments'] ?? call['input']) };
}

/** Media that stand in the message itself are left there: Heed keeps where media are, never media. */
function mediaOf(uri: unknown, kind: unknown): Media | undefined {
  const place = textOf(uri);
  if (place === '' || place.startsWith('data:')) return undefined;
  const mediaType = textOf(kind) || 'application/octet-stream';
  return { uri: place, mediaType: mediaType.includes('/') ? mediaType : `${mediaType}/*` };
}

function idOf(fields: Fields): string | undefined {
  const id = fields['tool_call_id'] ?? fields['tool_use_id'] ?? fields['id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** A text that is no JSON list or object is a message in plain words. */
function parsed(text: string): unknown {
  if (!/^\s*[[{]/u.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Values that are no text as JSON; one nested too deep to be written is left out. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  try {
    return JSON.stringify(value);
  } catch {
    return '';
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isFields(value) ? [value] : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
